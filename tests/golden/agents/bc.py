"""Golden numbers of behaviour cloning: regression on plans of several control steps, with actions relative to their mean
and deviation in the data, and decoupled weight decay (arXiv:1711.05101, algorithm 2). Two consecutive updates.

Command: python3 -B tests/golden/agents/bc.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes bc.json.
"""

import torch
from common import ACT, HIDDEN, OBS, ROWS, Case, Mlp, Observations, transitions, write
from torch.nn import functional as F

COMMON = {"learningRate": 2e-3, "hidden": HIDDEN}
BC = {
    "network": "mlp",
    "horizon": 1,
    "layerNorm": True,
    "loss": "squared",
    "weightDecay": 0.0,
    "normalizeObservations": True,
    "normalizeActions": True,
}
LEAST_DEVIATION = 0.05
# Count, means, variances; the second action hardly ever changes.
ACTIONS_SEEN = [40.0, 0.2, -0.1, 0.3, 1e-6]


class Transformer:
    """Encoder and decoder of DETR and ACT: places added to what asks and what is compared, normalised after each part."""

    def __init__(self, s):
        self.s, self.sizes = s, []
        d, wide = s["width"], s["feedForward"]
        attention = [d * d, d] * 4 + [d, d]
        mix = [d * wide, wide, wide * d, d, d, d]
        self.sizes += [OBS * s["tokens"] * d, s["tokens"] * d, s["tokens"] * d]
        for _ in range(s["encoderLayers"]):
            self.sizes += attention + mix
        self.sizes += [s["horizon"] * d]
        for _ in range(s["decoderLayers"]):
            self.sizes += attention * 2 + mix
        self.sizes += [d * ACT, ACT]
        self.size = sum(self.sizes)

    def __call__(self, vector, x):
        s, d = self.s, self.s["width"]
        parts = iter(vector.split(self.sizes))

        def linear(x, units):
            kernel = next(parts).reshape(x.shape[-1], units)
            return x @ kernel + next(parts)

        def norm(x):
            scale = next(parts)
            return F.layer_norm(x, [d], scale, next(parts))

        def attend(x, query, key, value):
            weights, biases = zip(*[(next(parts).reshape(d, d).T, next(parts)) for _ in range(4)])
            out, _ = F.multi_head_attention_forward(
                *(part.transpose(0, 1) for part in (query, key, value)),
                embed_dim_to_check=d,
                num_heads=s["heads"],
                in_proj_weight=torch.cat(weights[:3]),
                in_proj_bias=torch.cat(biases[:3]),
                bias_k=None,
                bias_v=None,
                add_zero_attn=False,
                dropout_p=0.0,
                out_proj_weight=weights[3],
                out_proj_bias=biases[3],
            )
            return norm(x + out.transpose(0, 1))

        def mix(x):
            return norm(x + linear(F.relu(linear(x, s["feedForward"])), d))

        memory = linear(x, s["tokens"] * d).reshape(len(x), s["tokens"], d)
        place = next(parts).reshape(s["tokens"], d)
        for _ in range(s["encoderLayers"]):
            memory = mix(attend(memory, memory + place, memory + place, memory))
        queries = next(parts).reshape(s["horizon"], d)
        made = torch.zeros(len(x), s["horizon"], d)
        for _ in range(s["decoderLayers"]):
            made = attend(made, made + queries, made + queries, made)
            made = mix(attend(made, made + queries, memory + place, memory))
        return linear(made, ACT).reshape(len(x), -1)


class Actions:
    """Mean and variance of all actions so far, by their sums and sums of squares."""

    def __init__(self, case, normalize, start):
        self.statistics = None
        if normalize:
            self.statistics = case.vector("actionStatistics", 1 + 2 * ACT, {"values": start})

    def observe(self, actions):
        if self.statistics is None:
            return
        count, (mean, variance) = self.statistics[0].clone(), self.statistics[1:].reshape(2, ACT).clone()
        total = count + len(actions)
        sums = count * mean + actions.sum(0)
        squares = count * (variance + mean**2) + (actions**2).sum(0)
        merged = squares / total - (sums / total) ** 2
        self.statistics.copy_(torch.cat([total.reshape(1), sums / total, merged]))

    def relative(self, plan):
        """[B, H, A] to the same."""
        if self.statistics is None:
            return plan
        mean, variance = self.statistics[1:].reshape(2, ACT)
        return (plan - mean) / variance.sqrt().clamp(min=LEAST_DEVIATION)


# What the variants are by definition; the file gives only what differs from it.
VARIANTS = {"bc": {}, "dagger": {"weightDecay": 1e-3}, "hg-dagger": {"weightDecay": 1e-3}}


def case(name, plan_scale=0.8, agent="bc", **settings):
    given = {**COMMON, **settings}
    s = {**BC, **VARIANTS[agent], **given}
    horizon = s["horizon"]
    run = Case(agent, name, given)
    mlp = s["network"] == "mlp"
    network = Mlp([OBS, *HIDDEN, horizon * ACT], layer_norm=s["layerNorm"]) if mlp else Transformer(s)
    policy = run.trained("policy", network.size, s["learningRate"])
    # As AdamW does it: before the step, and not by way of the gradient.
    seen = Observations(run, s["normalizeObservations"])
    acted = Actions(run, s["normalizeActions"], ACTIONS_SEEN)

    for _ in range(2):
        run.begin()
        (batch,) = transitions(run)
        plan = run.take("plan", (ROWS, horizon * ACT), run.wave(plan_scale)).reshape(ROWS, horizon, ACT)
        seen.observe(batch["obs"])
        acted.observe(plan.reshape(-1, ACT))
        error = network(policy, seen(batch["obs"])).reshape(ROWS, horizon, ACT) - acted.relative(plan)
        loss = (error**2 if s["loss"] == "squared" else error.abs()).mean()
        run.report(loss=loss)
        gradient = torch.autograd.grad(loss, policy)[0]
        with torch.no_grad():
            policy.mul_(1 - s["learningRate"] * s["weightDecay"])
        policy.grad = gradient
        run.optimizers["policy"].step()
    return run.done()


write(__file__, [
    case("of single steps"),
    case("of plans, by the absolute error", horizon=3, loss="absolute", plan_scale=0.6),
    case(
        "as they are, with weight decay",
        horizon=2,
        weightDecay=0.3,
        layerNorm=False,
        normalizeObservations=False,
        normalizeActions=False,
    ),
    case(
        "by a transformer",
        network="transformer",
        horizon=3,
        tokens=2,
        width=4,
        heads=2,
        feedForward=5,
        encoderLayers=2,
        decoderLayers=2,
    ),
    case("of an expert's advice", agent="dagger"),
    case("of interventions", agent="hg-dagger"),
])
