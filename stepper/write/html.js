// A browser without MathML shows each formula on one line of text instead.
const probe = document.createElement("div");
probe.innerHTML = '<math><mspace width="99px" height="9px"></mspace></math>';
document.body.append(probe);
const known = probe.firstChild.getBoundingClientRect().width > 50;
probe.remove();
if (!known) {
  for (const formula of document.querySelectorAll("math")) {
    formula.replaceWith(formula.getAttribute("alttext"));
  }
}
