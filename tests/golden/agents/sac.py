"""Golden numbers of soft actor-critic (arXiv:1812.05905) and of what is built on it: REDQ (arXiv:2101.05982), DroQ
(arXiv:2110.02034), RLPD (arXiv:2302.02948), FastSAC (after arXiv:2512.01996). Two consecutive updates of each.

Command: python3 -B tests/golden/agents/sac.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes sac.json and sac-variants.json.
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
}
SAC = {
    "critics": 2,
    "targetSubset": 2,
    "actorValue": "min",
    "targetValue": "min",
    "entropyBackup": True,
    "criticLayerNorm": False,
    "criticDropout": 0,
    "policyDelay": 1,
    "targetEntropyPerAction": -1,
    "normalizeObservations": False,
    "activation": "relu",
    "residualScale": 0.0,
}
# What the variants are by definition; their files give only what differs from it.
VARIANTS = {
    "sac": {},
    "redq": {"targetSubset": 2, "actorValue": "mean"},
    "droq": {"criticLayerNorm": True, "actorValue": "mean"},
    "rlpd": {"targetSubset": 2, "criticLayerNorm": True, "actorValue": "mean", "targetEntropyPerAction": -0.5},
    "rlif": {
        "targetSubset": 2,
        "criticLayerNorm": True,
        "actorValue": "mean",
        "targetEntropyPerAction": -0.5,
        "entropyBackup": False,
    },
    "fast-sac": {
        "criticLayerNorm": True,
        "actorValue": "mean",
        "targetValue": "mean",
        "targetEntropyPerAction": 0,
        "normalizeObservations": True,
        "activation": "silu",
    },
}


def case(agent, name, offset=0.0, **settings):
    given = {**COMMON, **settings}
    s = {**SAC, **VARIANTS[agent], **given}
    members, delay, rate = s["critics"], s["policyDelay"], s["criticDropout"]
    run = Case(agent, name, given)
    activation = {"relu": F.relu, "silu": F.silu}[s["activation"]]
    scale = s["residualScale"]
    width = OBS + (ACT if scale > 0 else 0)
    policy = Mlp([width, *HIDDEN, 2 * ACT], activation=activation)
    q = Mlp([width + ACT, *HIDDEN, 1], members, s["criticLayerNorm"], activation)
    actor = run.trained("actor", policy.size, s["actorLearningRate"], source=run.wave(0.6, offset))
    critics = run.trained("critics", q.size, s["criticLearningRate"])
    targets = run.vector("targetCritics", q.size)
    temperature = Temperature(run, s["temperatureLearningRate"], s["targetEntropyPerAction"] * ACT)
    statistics = Observations(run, s["normalizeObservations"])

    def seen(obs):
        """A base's action, which stands behind the rest, is within its bounds as it is."""
        return torch.cat([statistics(obs[:, :OBS]), obs[:, OBS:]], -1)

    def executed(obs, action):
        return (obs[:, OBS:] + scale * action).clamp(-1, 1) if scale > 0 else action

    def value(vector, x, action, masks):
        return q(vector, torch.cat([x, action], -1), masks).squeeze(-1)

    def masks(use, count):
        """For each of `count` minibatches the masks of all layers."""
        if rate == 0:
            return [None] * count
        taken = [
            run.take(f"{use}.{layer}", (count, members, ROWS, units), run.mask(rate))
            for layer, units in enumerate(HIDDEN)
        ]
        return [[mask[part] for mask in taken] for part in range(count)]

    for _ in range(2):
        run.begin()
        parts = transitions(run, delay, width=width)
        next_noise = run.take("noise.critic.nextAction", (delay, ROWS, ACT))
        drawn = s["targetSubset"] < members and run.take("noise.critic.subset", (delay, members))
        dropout, next_dropout = masks("noise.critic.dropout", delay), masks("noise.critic.nextDropout", delay)
        alpha = temperature.alpha()
        for i, batch in enumerate(parts):
            with torch.no_grad():
                next_x = seen(batch["nextObs"])
                next_action, log_prob, *_ = squashed(policy(actor, next_x), next_noise[i])
                following = value(targets, next_x, executed(batch["nextObs"], next_action), next_dropout[i])
                if drawn is not False:
                    order = sorted(range(members), key=lambda m: -drawn[i, m])
                    following = following[order[: s["targetSubset"]]]
                least = following.min(0).values if s["targetValue"] == "min" else following.mean(0)
                y = bellman(batch, least - alpha * log_prob if s["entropyBackup"] else least)
            present = value(critics, seen(batch["obs"]), batch["action"], dropout[i])
            loss = sum(F.mse_loss(present[m], y) for m in range(members))
            run.report(critic_loss=loss, q=present.mean())
            run.descend("critics", loss)
            run.follow("targetCritics", "critics", s["targetRate"])

        obs, noise = parts[-1]["obs"], run.take("noise.actor.action", (ROWS, ACT))
        action, log_prob, *_ = squashed(policy(actor, seen(obs)), noise)
        present = value(critics, seen(obs), executed(obs, action), masks("noise.actor.dropout", 1)[0])
        best = present.min(0).values if s["actorValue"] == "min" else present.mean(0)
        loss = (alpha * log_prob - best).mean()
        run.report(actor_loss=loss)
        run.descend("actor", loss)
        temperature.update(log_prob)
        statistics.observe(obs[:, :OBS])
    return run.done()


write(__file__, [
    case("sac", "with a learned temperature"),
    case("sac", "without the entropy of the next action", entropyBackup=False),
    case("sac", "with normalised observations", normalizeObservations=True, policyDelay=2),
    case("sac", "with means over critics", targetValue="mean", actorValue="mean", temperatureLearningRate=0),
    case("sac", "with log σ at its limit", offset=0.3),
    case("sac", "that corrects a base", residualScale=0.4),
])
variants = [
    case("redq", "with four critics", critics=4, policyDelay=2),
    case("droq", "with dropout masks", criticDropout=0.2, policyDelay=2),
    case("rlpd", "with three critics", critics=3, policyDelay=1),
    case("rlif", "with three critics", critics=3),
    case("fast-sac", "with a small batch", policyDelay=2),
]
write(__file__, variants, "sac-variants")
