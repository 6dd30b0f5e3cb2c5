"""The training loops of the five lab reports in plain numpy, each written the way its author did.

Every one starts from the weights of a lab and trains in place when `train(epochs)` is called;
`parameters()` gives the weights under the lab's names. The habits that cost time are theirs: new
arrays for every update, σ worked out again for its slope, a column of ones appended on every pass.
"""

from collections.abc import Mapping

import numpy as np

from stepper.labs.lab import Lab

Array = np.ndarray


def sigmoid(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-x))


def slope_from_a(a: Array) -> Array:
    """The slope of σ, of the activation."""
    return a * (1.0 - a)


def slope_from_z(z: Array) -> Array:
    """The slope of σ, of the pre-activation: σ is worked out twice more."""
    return sigmoid(z) * (1.0 - sigmoid(z))


class BceMomentum:
    """Columns, no bias; sums over the samples, divided by n in a functional update."""

    def __init__(self, lab: Lab) -> None:
        self.x, self.y = np.array(lab.data.X), np.array(lab.data.y)
        self.w = [np.array(lab.parameters[f"W{k}"]) for k in (1, 2, 3)]
        self.m = [np.zeros_like(w) for w in self.w]
        self.lr, self.eps, self.n = 0.1, 1e-4, self.x.shape[1]

    def parameters(self) -> Mapping[str, Array]:
        return {f"W{k}": w for k, w in enumerate(self.w, 1)}

    def forward(self) -> tuple[Array, Array, Array]:
        w1, w2, w3 = self.w
        a1 = sigmoid(w1 @ self.x)
        a2 = sigmoid(w2 @ a1)
        return a1, a2, sigmoid(w3 @ a2)

    def loss(self, p: Array) -> float:
        return -np.mean(self.y * np.log(p + self.eps) + (1 - self.y) * np.log(1 - p + self.eps))

    def backward(self, a1: Array, a2: Array, a3: Array) -> list[Array]:
        _, w2, w3 = self.w
        da3 = -(self.y / (a3 + self.eps) - (1 - self.y) / (1 - a3 + self.eps))
        dz3 = slope_from_a(a3) * da3
        dw3 = dz3 @ a2.T
        dz2 = slope_from_a(a2) * (w3.T @ dz3)
        dw2 = dz2 @ a1.T
        dz1 = slope_from_a(a1) * (w2.T @ dz2)
        return [dz1 @ self.x.T, dw2, dw3]

    def weight_update(self, w: Array, m: Array, dw: Array) -> tuple[Array, Array]:
        m = 0.9 * m - self.lr * (dw / self.n)
        return w + m, m

    def train(self, epochs: int) -> None:
        for epoch in range(1, epochs + 1):
            a1, a2, a3 = self.forward()
            if epoch % 100 == 0:
                self.loss(a3)
            for k, dw in enumerate(self.backward(a1, a2, a3)):
                self.w[k], self.m[k] = self.weight_update(self.w[k], self.m[k], dw)


class HalfMse:
    """Rows and biases; nine passes of σ an epoch, since its slope is asked of z."""

    def __init__(self, lab: Lab) -> None:
        self.x, self.y = np.array(lab.data.X), np.array(lab.data.y)
        p = {name: np.array(value) for name, value in lab.parameters.items()}
        self.w1, self.w2, self.w3 = p["W1"], p["W2"], p["W3"]
        self.b1, self.b2, self.b3 = p["b1"], p["b2"], p["b3"]
        self.lr = lab.training.settings["lr"]

    def parameters(self) -> Mapping[str, Array]:
        return {
            "W1": self.w1, "W2": self.w2, "W3": self.w3,
            "b1": self.b1, "b2": self.b2, "b3": self.b3,
        }  # fmt: skip

    def train(self, epochs: int) -> None:
        n = self.x.shape[0]
        for epoch in range(epochs):
            z1 = self.x @ self.w1 + self.b1
            a1 = sigmoid(z1)
            z2 = a1 @ self.w2 + self.b2
            a2 = sigmoid(z2)
            z3 = a2 @ self.w3 + self.b3
            a3 = sigmoid(z3)
            if epoch % 5000 == 0:
                np.mean((self.y - a3) ** 2) / 2
            d3 = (a3 - self.y) * slope_from_z(z3)
            d2 = np.dot(d3, self.w3.T) * slope_from_z(z2)
            d1 = np.dot(d2, self.w2.T) * slope_from_z(z1)
            self.w3 -= self.lr * np.dot(a2.T, d3) / n
            self.b3 -= self.lr * np.sum(d3, axis=0, keepdims=True) / n
            self.w2 -= self.lr * np.dot(a1.T, d2) / n
            self.b2 -= self.lr * np.sum(d2, axis=0, keepdims=True) / n
            self.w1 -= self.lr * np.dot(self.x.T, d1) / n
            self.b1 -= self.lr * np.sum(d1, axis=0, keepdims=True) / n


class ThreeHidden:
    """One sample at a time, the update inside `backward`; with AdaGrad or without."""

    def __init__(self, lab: Lab) -> None:
        self.x, self.y = np.array(lab.data.X), np.array(lab.data.y)
        self.w = [np.array(lab.parameters[f"W{k}"]) for k in (1, 2, 3, 4)]
        self.b = [np.array(lab.parameters[f"b{k}"]) for k in (1, 2, 3, 4)]
        self.lr, self.adagrad = 0.05, lab.training.optimizer.name == "adagrad"
        self.acc_w = [np.ones_like(w) for w in self.w]
        self.acc_b = [np.ones_like(b) for b in self.b]

    def parameters(self) -> Mapping[str, Array]:
        weights = {f"W{k}": w for k, w in enumerate(self.w, 1)}
        return weights | {f"b{k}": b for k, b in enumerate(self.b, 1)}

    def forward(self, x: Array) -> Array:
        self.a0 = x
        self.a1 = sigmoid(np.dot(self.a0, self.w[0]) + self.b[0])
        self.a2 = sigmoid(np.dot(self.a1, self.w[1]) + self.b[1])
        self.a3 = sigmoid(np.dot(self.a2, self.w[2]) + self.b[2])
        self.output = sigmoid(np.dot(self.a3, self.w[3]) + self.b[3])
        return self.output

    def backward(self, error: Array) -> None:
        d4 = error * slope_from_a(self.output)
        d3 = np.dot(d4, self.w[3].T) * slope_from_a(self.a3)
        d2 = np.dot(d3, self.w[2].T) * slope_from_a(self.a2)
        d1 = np.dot(d2, self.w[1].T) * slope_from_a(self.a1)
        inputs, deltas = (self.a0, self.a1, self.a2, self.a3), (d1, d2, d3, d4)
        for k in (3, 2, 1, 0):
            gradient = np.dot(inputs[k].T, deltas[k])
            if self.adagrad:
                self.acc_w[k] += gradient**2
                self.acc_b[k] += deltas[k] ** 2
                self.w[k] -= self.lr * gradient / (np.sqrt(self.acc_w[k]) + 1e-8)
                self.b[k] -= self.lr * deltas[k] / (np.sqrt(self.acc_b[k]) + 1e-8)
            else:
                self.w[k] -= self.lr * gradient
                self.b[k] -= self.lr * deltas[k]

    def train(self, epochs: int) -> None:
        for _ in range(epochs):
            total_loss = 0.0
            for i in range(len(self.x)):
                x, y = self.x[i : i + 1, :], self.y[i : i + 1, :]
                error = self.forward(x) - y
                total_loss += 0.5 * np.sum(error**2)
                self.backward(error)


class OnlineMomentum:
    """One sample at a time with momentum; sums over an axis that has one row."""

    def __init__(self, lab: Lab) -> None:
        self.x, self.y = np.array(lab.data.X), np.array(lab.data.y)
        self.w = [np.array(lab.parameters[f"W{k}"]) for k in (1, 2, 3)]
        self.b = [np.array(lab.parameters[f"b{k}"]) for k in (1, 2, 3)]
        self.vw = [np.zeros_like(w) for w in self.w]
        self.vb = [np.zeros_like(b) for b in self.b]
        self.lr = 0.1

    def parameters(self) -> Mapping[str, Array]:
        weights = {f"W{k}": w for k, w in enumerate(self.w, 1)}
        return weights | {f"b{k}": b for k, b in enumerate(self.b, 1)}

    def forward(self, x: Array) -> Array:
        self.input = x
        self.a1 = sigmoid(np.dot(x, self.w[0]) + self.b[0])
        self.a2 = sigmoid(np.dot(self.a1, self.w[1]) + self.b[1])
        self.output = sigmoid(np.dot(self.a2, self.w[2]) + self.b[2])
        return self.output

    def backward(self, label: Array) -> None:
        self.error = self.output - label
        grad_a3 = self.error * slope_from_a(self.output)
        grad_w3, grad_b3 = np.dot(self.a2.T, grad_a3), np.sum(grad_a3, axis=0)
        grad_a2 = np.dot(grad_a3, self.w[2].T) * slope_from_a(self.a2)
        grad_w2, grad_b2 = np.dot(self.a1.T, grad_a2), np.sum(grad_a2, axis=0)
        grad_a1 = np.dot(grad_a2, self.w[1].T) * slope_from_a(self.a1)
        grad_w1, grad_b1 = np.dot(self.input.T, grad_a1), np.sum(grad_a1, axis=0)
        for k, grad in enumerate((grad_w1, grad_w2, grad_w3)):
            self.vw[k] = 0.9 * self.vw[k] + self.lr * grad
            self.w[k] -= self.vw[k]
        for k, grad in enumerate((grad_b1, grad_b2, grad_b3)):
            self.vb[k] = 0.9 * self.vb[k] + self.lr * grad
            self.b[k] -= self.vb[k]

    def train(self, epochs: int) -> None:
        for _ in range(epochs):
            for i in range(len(self.x)):
                self.forward(self.x[i : i + 1])
                self.backward(self.y[i : i + 1])


class Layer:
    """A layer of the last report: the bias is the last row of its weights."""

    def __init__(self, w: Array) -> None:
        self.w = w

    def forward(self, x: Array) -> Array:
        self.x = np.append(x, np.ones((x.shape[0], 1)), axis=1)
        self.y = sigmoid(np.matmul(self.x, self.w))
        return self.y

    def backward(self, dc: Array) -> Array:
        self.gradient = np.multiply(slope_from_a(self.y), dc)
        return np.matmul(self.gradient, self.w[:-1].T)

    def update(self, lr: float) -> None:
        self.w -= lr * np.matmul(self.x.T, self.gradient)


class FoldedBias:
    """Layers that append ones on every pass; the loss in every epoch, for the stop."""

    def __init__(self, lab: Lab) -> None:
        self.x, self.y = np.array(lab.data.X), np.array(lab.data.y)
        self.layers = [Layer(np.array(lab.parameters[f"W{k}"])) for k in (1, 2, 3)]
        self.lr = 1.0

    def parameters(self) -> Mapping[str, Array]:
        return {f"W{k}": layer.w for k, layer in enumerate(self.layers, 1)}

    def train(self, epochs: int) -> None:
        for _ in range(epochs):
            y = self.x
            for layer in self.layers:
                y = layer.forward(y)
            loss = np.mean((y - self.y) ** 2)
            gradient = (y - self.y) * (2 / y.shape[0])
            for layer in reversed(self.layers):
                gradient = layer.backward(gradient)
            for layer in self.layers:
                layer.update(self.lr)
            if loss < 0.005:
                break


REPORTS = {
    "bce-momentum": BceMomentum,
    "bce-momentum:linear": BceMomentum,
    "half-mse": HalfMse,
    "half-mse:linear": HalfMse,
    "folded-bias": FoldedBias,
    "folded-bias:linear": FoldedBias,
    "three-hidden": ThreeHidden,
    "three-hidden:adagrad": ThreeHidden,
    "online-momentum": OnlineMomentum,
    "online-momentum:medium": OnlineMomentum,
    "online-momentum:large": OnlineMomentum,
}
"""The loop of a report for each lab."""
