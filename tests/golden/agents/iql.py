"""Golden numbers of implicit Q-learning (arXiv:2110.06169, Eqs. 5 to 7), in the order of the authors' code: values, then the
actor by the new values, then the critics by the new values. Two consecutive updates.

Command: python3 -B tests/golden/agents/iql.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes iql.json.
"""

import torch
from common import ACT, HIDDEN, OBS, Case, Mlp, Observations, bellman, transitions, write
from torch.distributions import Independent, Normal
from torch.nn import functional as F

COMMON = {
    "targetRate": 0.05,
    "actorLearningRate": 1e-3,
    "criticLearningRate": 2e-3,
    "valueLearningRate": 3e-3,
    "hidden": HIDDEN,
}
IQL = {
    "expectile": 0.7,
    "advantageWeight": 3.0,
    "weightLimit": 100.0,
    "criticLayerNorm": False,
    "normalizeObservations": False,
}


def case(name, **settings):
    given = {**COMMON, **settings}
    s = {**IQL, **given}
    run = Case("iql", name, given)
    policy = Mlp([OBS, *HIDDEN, ACT])
    values = Mlp([OBS, *HIDDEN, 1])
    q = Mlp([OBS + ACT, *HIDDEN, 1], 2, s["criticLayerNorm"])
    actor = run.trained("actor", policy.size, s["actorLearningRate"])
    deviation = run.trained("deviation", ACT, s["actorLearningRate"])
    value = run.trained("value", values.size, s["valueLearningRate"])
    critics = run.trained("critics", q.size, s["criticLearningRate"])
    target_critics = run.vector("targetCritics", q.size)
    seen = Observations(run, s["normalizeObservations"])

    def critic(vector, x, action):
        return q(vector, torch.cat([x, action], -1)).squeeze(-1)

    for _ in range(2):
        run.begin()
        (batch,) = transitions(run)
        x = seen(batch["obs"])
        with torch.no_grad():
            worth = critic(target_critics, x, batch["action"]).min(0).values
        v = values(value, x).squeeze(-1)
        u = worth - v
        loss = torch.where(u < 0, (1 - s["expectile"]) * u**2, s["expectile"] * u**2).mean()
        run.report(value_loss=loss, value=v.mean())
        run.descend("value", loss)

        with torch.no_grad():
            advantage = worth - values(value, x).squeeze(-1)
            weight = (s["advantageWeight"] * advantage).exp().clamp(max=s["weightLimit"])
        gaussian = Independent(Normal(torch.tanh(policy(actor, x)), deviation.clamp(-10, 2).exp()), 1)
        loss = -(weight * gaussian.log_prob(batch["action"])).mean()
        run.report(actor_loss=loss, advantage=advantage.mean())
        gradients = torch.autograd.grad(loss, [actor, deviation])
        for name_, gradient in zip(["actor", "deviation"], gradients):
            run.vectors[name_].grad = gradient
            run.optimizers[name_].step()

        with torch.no_grad():
            y = bellman(batch, values(value, seen(batch["nextObs"])).squeeze(-1))
        present = critic(critics, x, batch["action"])
        loss = sum(F.mse_loss(present[m], y) for m in range(2))
        run.report(critic_loss=loss, q=present.mean())
        run.descend("critics", loss)
        run.follow("targetCritics", "critics", s["targetRate"])
        seen.observe(batch["obs"])
    return run.done()


write(__file__, [
    case("as for locomotion"),
    case(
        "as for mazes, with weights at their limit",
        expectile=0.9,
        advantageWeight=10.0,
        weightLimit=2.0,
        criticLayerNorm=True,
        normalizeObservations=True,
    ),
])
