"""What the scripts of this folder share: inputs from closed formulas, networks, Adam, the file of golden numbers.

Each script computes whole updates of one agent in float64 with PyTorch's own differentiation, optimiser, distributions
and losses, from the papers that it names. A file holds for every case the settings, where every vector and input comes
from, the metrics of each update, and all vectors after the last one.

PyTorch 2.15.0, NumPy 2.4.6, Python 3.11. Shapes: B rows, O observation, A action, E members of an ensemble.
"""

import json
import math
import os
import sys

import torch
from torch.distributions import Independent, Normal, TransformedDistribution
from torch.distributions.transforms import TanhTransform
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)

OBS, ACT, HIDDEN, ROWS = 3, 2, [4, 4], 5
# The bounds of the observation are ±2, [-1, 3] and none; the bounded components are scaled to ±1.
CENTRE, SCALE = torch.tensor([0.0, 1.0, 0.0]), torch.tensor([0.5, 0.5, 1.0])
# Adam in the middle of a training. From moments of zero its first steps are all of the same length, however small the
# gradient, and where that is nearly zero rounding would decide the direction.
ADAM_STEP, FIRST_MOMENT, SECOND_MOMENT = 3, 0.01, 1e-3


def values(source, shape):
    """What `source` says, rounded to float32 as the agents get it."""
    index = torch.arange(math.prod(shape))
    if "values" in source:
        flat = torch.tensor(source["values"], dtype=torch.float64)
    elif "mask" in source:
        phase, limit, kept = source["mask"]
        flat = torch.where(torch.sin(1.3 * index + phase) > limit, 0.0, kept)
    else:
        phase, scale, offset = source["wave"]
        flat = offset + scale * torch.sin(1.3 * index + phase)
    return flat.to(torch.float32).to(torch.float64).reshape(shape)


class Case:
    """One agent under certain settings, its vectors, and what is written of both."""

    def __init__(self, agent, name, settings):
        self.record = {"agent": agent, "name": name, "settings": settings, "start": {}, "updates": []}
        self.vectors, self.optimizers, self.metrics, self.phase = {}, {}, {}, 0.3

    def wave(self, scale, offset=0.0):
        """A sine with a phase of its own."""
        self.phase = round((self.phase + 0.71) % 6.28, 2)
        return {"wave": [self.phase, scale, offset]}

    def mask(self, rate):
        """A dropout mask: about a third of zeros, the rest as large as dropout of that rate makes it."""
        return {"mask": [self.wave(1)["wave"][0], 0.5, 1 / (1 - rate)]}

    def vector(self, name, size, source=None):
        source = source or self.wave(0.6)
        self.record["start"][name] = source
        self.vectors[name] = values(source, (size,))
        return self.vectors[name]

    def trained(self, name, size, rate, beta1=0.9, epsilon=1e-8, source=None, second_moment=SECOND_MOMENT):
        """A vector with an Adam optimiser of its own."""
        vector = self.vector(name, size, source).requires_grad_()
        first = self.vector(f"{name}.adam.first", size, self.wave(FIRST_MOMENT))
        second = self.vector(f"{name}.adam.second", size, self.wave(0.8 * second_moment, second_moment))
        step = self.vector(f"{name}.adam.step", 1, {"values": [ADAM_STEP]})
        optimizer = torch.optim.Adam([vector], lr=rate, betas=(beta1, 0.999), eps=epsilon)
        optimizer.state[vector] = {"step": step[0], "exp_avg": first, "exp_avg_sq": second}
        self.optimizers[name] = optimizer
        return vector

    def descend(self, name, loss):
        self.vectors[name].grad = torch.autograd.grad(loss, self.vectors[name])[0]
        self.optimizers[name].step()

    def follow(self, target, source, rate):
        with torch.no_grad():
            self.vectors[target].lerp_(self.vectors[source], rate)

    def begin(self):
        self.finish_metrics()
        self.record["updates"].append({"inputs": {}})

    def take(self, name, shape, source=None):
        """An input of the present update."""
        source = source or self.wave(1.1)
        self.record["updates"][-1]["inputs"][name] = source
        return values(source, shape)

    def report(self, **metrics):
        """Metrics of the present update; the mean of those reported several times counts."""
        for name, value in metrics.items():
            self.metrics.setdefault(name, []).append(value.detach().item())

    def finish_metrics(self):
        if self.metrics:
            self.record["updates"][-1]["metrics"] = {k: sum(v) / len(v) for k, v in self.metrics.items()}
        self.metrics = {}

    def done(self):
        self.finish_metrics()
        self.record["end"] = {name: vector.flatten().tolist() for name, vector in self.vectors.items()}
        return self.record


def write(script, cases, name=None):
    """Writes the numbers beside `script`, under its name unless told, with twelve digits: float32 has seven."""
    folder, own = os.path.split(script)

    def rounded(value):
        if isinstance(value, float):
            return float(f"{value:.12g}")
        if isinstance(value, list):
            return [rounded(item) for item in value]
        return {name: rounded(item) for name, item in value.items()} if isinstance(value, dict) else value

    head = {"command": f"python3 -B tests/golden/agents/{own} && npm run format", "torch": torch.__version__}
    with open(os.path.join(folder, f"{name or own.removesuffix('.py')}.json"), "w") as file:
        json.dump({**head, "python": sys.version.split()[0], "cases": rounded(cases)}, file)


class Mlp:
    """Linear layers over one flat vector: kernel [in, out], bias, scale and shift of each layer in turn."""

    def __init__(self, widths, members=None, layer_norm=False, activation=F.relu):
        self.widths, self.members, self.layer_norm, self.activation = widths, members, layer_norm, activation
        self.last = len(widths) - 2
        normalised = [layer_norm and layer < self.last for layer in range(len(widths) - 1)]
        self.sizes = [
            (i * o, o, *((o, o) if norm else ())) for i, o, norm in zip(widths, widths[1:], normalised)
        ]
        self.size = (members or 1) * sum(map(sum, self.sizes))

    def __call__(self, vector, x, masks=None):
        """[B, out], or [E, B, out] of an ensemble. Masks [E, B, units] multiply before the normalisation."""
        if self.members is None:
            return self.member(vector, 0, x, masks)
        return torch.stack([
            self.member(vector, m, x, masks and [mask[m] for mask in masks]) for m in range(self.members)
        ])

    def member(self, vector, member, x, masks):
        offset = 0
        for layer, (inputs, units) in enumerate(zip(self.widths, self.widths[1:])):
            pieces = []
            for size in self.sizes[layer]:
                start = offset + member * size
                pieces.append(vector[start : start + size])
                offset += size * (self.members or 1)
            x = F.linear(x, pieces[0].reshape(inputs, units).T, pieces[1])
            if layer == self.last:
                return x
            if masks:
                x = x * masks[layer]
            if self.layer_norm:
                x = F.layer_norm(x, [units], pieces[2], pieces[3])
            x = self.activation(x)


class Observations:
    """Observations as networks see them: scaled by their bounds and, if wanted, standardised by running statistics."""

    START = [7.0, 0.3, -0.2, 0.1, 0.6, 0.005, 1.4]  # count, means, variances: the second component meets the limit

    def __init__(self, case, normalize):
        self.statistics = None
        if normalize:
            self.statistics = case.vector("observationStatistics", 1 + 2 * OBS, {"values": self.START})

    def __call__(self, obs):
        x = (obs - CENTRE) * SCALE
        if self.statistics is None:
            return x
        mean, variance = self.statistics[1:].reshape(2, OBS)
        return ((x - mean) / torch.sqrt(variance + 1e-8)).clamp(-10, 10)

    def observe(self, obs):
        """Mean and variance of all rows by their sums and sums of squares."""
        if self.statistics is None:
            return
        x = (obs - CENTRE) * SCALE
        count, (mean, variance) = self.statistics[0].clone(), self.statistics[1:].reshape(2, OBS).clone()
        total = count + len(x)
        sums = count * mean + x.sum(0)
        squares = count * (variance + mean**2) + (x**2).sum(0)
        merged = squares / total - (sums / total) ** 2
        self.statistics.copy_(torch.cat([total.reshape(1), sums / total, merged]))


def squashed(output, noise, low=-20.0, high=2.0):
    """Action and log π of a Gaussian through tanh, and the Gaussian's mean and log σ."""
    mean, log_std = output.chunk(2, -1)
    log_std = log_std.clamp(low, high)
    tanh = TanhTransform(cache_size=1)  # Remembers what the action was before.
    action = tanh(mean + log_std.exp() * noise)
    base = Independent(Normal(mean, log_std.exp()), 1)
    return action, TransformedDistribution(base, [tanh]).log_prob(action), (mean, log_std)


def transitions(case, count=1, reward=1.0, width=OBS):
    """Columns of `count` minibatches, taken as inputs and split: one dictionary for each."""
    rows = count * ROWS
    ends = {"values": [1.0 if row % ROWS == 2 else 0.0 for row in range(rows)]}
    columns = {
        "obs": case.take("obs", (rows, width), case.wave(1.5)),
        "action": case.take("action", (rows, ACT), case.wave(0.9)),
        "reward": case.take("reward", (rows,), case.wave(reward)),
        "nextObs": case.take("nextObs", (rows, width), case.wave(1.5)),
        "terminated": case.take("terminated", (rows,), ends),
        # As of transitions over different numbers of steps.
        "discount": case.take("discount", (rows,), case.wave(0.05, 0.93)),
    }
    return [dict(zip(columns, parts)) for parts in zip(*(column.split(ROWS) for column in columns.values()))]


def bellman(batch, next_value):
    return batch["reward"] + batch["discount"] * (1 - batch["terminated"]) * next_value


class Temperature:
    """log α with its optimiser; the loss is −α(log π + H̄), arXiv:1812.05905, Eq. 18."""

    def __init__(self, case, rate, target_entropy, start=-0.4):
        self.case, self.target = case, target_entropy
        self.log = case.trained("logTemperature", 1, rate, source={"values": [start]})

    def alpha(self):
        return self.log.exp().detach()

    def update(self, log_prob):
        self.case.report(ent_coef=self.alpha(), entropy=-log_prob.detach().mean())
        loss = (-self.log.exp() * (log_prob.detach() + self.target)).mean()
        self.case.report(ent_coef_loss=loss)
        self.case.descend("logTemperature", loss)
