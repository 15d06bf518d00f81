"""Golden numbers of truncated quantile critics (arXiv:2005.04269, Eqs. 6 to 9). Two consecutive updates.

Command: python3 -B tests/golden/agents/tqc.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes tqc.json.
"""

import torch
from common import ACT, HIDDEN, OBS, ROWS, Case, Mlp, Observations, Temperature, bellman, squashed, transitions, write
from torch.nn import functional as F

COMMON = {
    "targetRate": 0.05,
    "actorLearningRate": 1e-3,
    "criticLearningRate": 2e-3,
    "temperatureLearningRate": 3e-3,
    "hidden": HIDDEN,
    "criticHidden": HIDDEN,
    "critics": 3,
    "quantiles": 5,
}
TQC = {
    "droppedQuantiles": 2,
    "criticLayerNorm": False,
    "policyDelay": 1,
    "targetEntropyPerAction": -1,
    "normalizeObservations": False,
}


def quantile_huber(quantiles, targets):
    """Mean of |τ − 1(δ < 0)|·H(δ) over critics, rows and all pairs of a quantile and a target."""
    count = quantiles.shape[-1]
    losses = []
    for j in range(count):
        predicted = quantiles[:, :, j, None].expand(-1, -1, targets.shape[-1])
        wanted = targets.expand_as(predicted)
        below = (wanted < predicted).double()
        weight = torch.abs((2 * j + 1) / (2 * count) - below)
        losses.append(weight * F.huber_loss(predicted, wanted, reduction="none", delta=1.0))
    return torch.stack(losses).mean()


def case(name, **settings):
    given = {**COMMON, **settings}
    s = {**TQC, **given}
    members, delay = s["critics"], s["policyDelay"]
    run = Case("tqc", name, given)
    policy = Mlp([OBS, *HIDDEN, 2 * ACT])
    z = Mlp([OBS + ACT, *s["criticHidden"], s["quantiles"]], members, s["criticLayerNorm"])
    actor = run.trained("actor", policy.size, s["actorLearningRate"])
    critics = run.trained("critics", z.size, s["criticLearningRate"])
    targets = run.vector("targetCritics", z.size)
    temperature = Temperature(run, s["temperatureLearningRate"], s["targetEntropyPerAction"] * ACT)
    seen = Observations(run, s["normalizeObservations"])
    kept = members * (s["quantiles"] - s["droppedQuantiles"])

    for _ in range(2):
        run.begin()
        parts = transitions(run, delay, reward=2.0)
        next_noise = run.take("noise.critic.nextAction", (delay, ROWS, ACT))
        alpha = temperature.alpha()
        for i, batch in enumerate(parts):
            with torch.no_grad():
                next_x = seen(batch["nextObs"])
                next_action, log_prob, *_ = squashed(policy(actor, next_x), next_noise[i])
                pooled = torch.cat(list(z(targets, torch.cat([next_x, next_action], -1))), -1)
                least = pooled.sort(-1).values[:, :kept]
                columns = {name: column[:, None] for name, column in batch.items()}
                y = bellman(columns, least - alpha * log_prob[:, None])
            present = z(critics, torch.cat([seen(batch["obs"]), batch["action"]], -1))
            loss = quantile_huber(present, y)
            run.report(critic_loss=loss, q=present.mean())
            run.descend("critics", loss)
            run.follow("targetCritics", "critics", s["targetRate"])

        obs, noise = parts[-1]["obs"], run.take("noise.actor.action", (ROWS, ACT))
        action, log_prob, *_ = squashed(policy(actor, seen(obs)), noise)
        value = z(critics, torch.cat([seen(obs), action], -1)).mean((0, 2))
        loss = (alpha * log_prob - value).mean()
        run.report(actor_loss=loss)
        run.descend("actor", loss)
        temperature.update(log_prob)
        seen.observe(obs)
    return run.done()


write(__file__, [
    case("with two quantiles dropped"),
    case("with none dropped", droppedQuantiles=0, critics=2),
    case(
        "with normalised critics and observations",
        critics=2,
        criticLayerNorm=True,
        normalizeObservations=True,
        policyDelay=2,
    ),
])
