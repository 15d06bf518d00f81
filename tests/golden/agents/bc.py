"""Golden numbers of behaviour cloning: regression on plans of several control steps, with actions relative to their mean
and deviation in the data, and decoupled weight decay (arXiv:1711.05101, algorithm 2). Two consecutive updates.

Command: python3 -B tests/golden/agents/bc.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes bc.json.
"""

import torch
from common import ACT, HIDDEN, OBS, ROWS, Case, Mlp, Observations, transitions, write

COMMON = {"learningRate": 2e-3, "hidden": HIDDEN}
BC = {
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


def case(name, plan_scale=0.8, **settings):
    given = {**COMMON, **settings}
    s = {**BC, **given}
    horizon = s["horizon"]
    run = Case("bc", name, given)
    network = Mlp([OBS, *HIDDEN, horizon * ACT], layer_norm=s["layerNorm"])
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
])
