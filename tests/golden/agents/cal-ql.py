"""Golden numbers of calibrated Q-learning (arXiv:2303.05479) and, without the calibration, of CQL(H) (arXiv:2006.04779):
soft actor-critic, and a soft maximum over sampled actions, weighed by importance, that is held down to the return of the
data. Two consecutive updates.

Command: python3 -B tests/golden/agents/cal-ql.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes cal-ql.json.
"""

import math

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
CAL_QL = {
    "critics": 2,
    "criticLayerNorm": False,
    "maxTargetBackup": True,
    "conservativeWeight": 5.0,
    "conservativeTemperature": 1.0,
    "calibrated": True,
    "policyDelay": 1,
    "targetEntropyPerAction": -1,
    "normalizeObservations": False,
}
VARIANTS = {"cal-ql": {}, "cql": {"calibrated": False, "maxTargetBackup": False}}


def case(agent, name, **settings):
    given = {**COMMON, **settings}
    s = {**CAL_QL, **VARIANTS[agent], **given}
    members, delay, samples = s["critics"], s["policyDelay"], s["sampledActions"]
    run = Case(agent, name, given)
    policy = Mlp([OBS, *HIDDEN, 2 * ACT])
    q = Mlp([OBS + ACT, *HIDDEN, 1], members, s["criticLayerNorm"])
    actor = run.trained("actor", policy.size, s["actorLearningRate"])
    critics = run.trained("critics", q.size, s["criticLearningRate"])
    targets = run.vector("targetCritics", q.size)
    temperature = Temperature(run, s["temperatureLearningRate"], s["targetEntropyPerAction"] * ACT)
    seen = Observations(run, s["normalizeObservations"])

    def value(vector, x, action):
        """[E, B] of actions [B, A], and [E, S, B] of actions [S, B, A]."""
        wide = torch.cat([x.expand(*action.shape[:-1], OBS), action], -1)
        return q(vector, wide).squeeze(-1)

    for _ in range(2):
        run.begin()
        parts = transitions(run, delay)
        returns = torch.zeros(delay, ROWS)
        if s["calibrated"]:
            # Some above and some below what the critics say.
            returns = run.take("returnToGo", (delay, ROWS), run.wave(0.5))
        next_noise = run.take("noise.critic.nextAction", (delay, ROWS, ACT))
        kinds = {"uniform": run.wave(1.0), "present": run.wave(1.1), "following": run.wave(1.1)}
        drawn = {
            kind: run.take(f"noise.critic.{kind}Action", (delay, samples, ROWS, ACT), wave)
            for kind, wave in kinds.items()
        }
        alpha = temperature.alpha()
        for i, batch in enumerate(parts):
            x, next_x = seen(batch["obs"]), seen(batch["nextObs"])
            with torch.no_grad():
                next_action, *_ = squashed(policy(actor, next_x), next_noise[i])
                here, here_log, *_ = squashed(policy(actor, x), drawn["present"][i])
                there, there_log, *_ = squashed(policy(actor, next_x), drawn["following"][i])
                if s["maxTargetBackup"]:
                    next_value = value(targets, next_x, there).min(0).values.max(0).values
                else:
                    next_value = value(targets, next_x, next_action).min(0).values
                y = bellman(batch, next_value)
            present = value(critics, x, batch["action"])
            loss, gaps = 0.0, []
            for m in range(members):
                scores = [value(critics, x, drawn["uniform"][i])[m] + ACT * math.log(2)]
                for actions, log_prob in ((here, here_log), (there, there_log)):
                    values = value(critics, x, actions)[m]
                    if s["calibrated"]:
                        values = torch.where(values > returns[i], values, returns[i].expand_as(values))
                    scores.append(values - log_prob)
                soft = s["conservativeTemperature"]
                gaps.append(soft * torch.logsumexp(torch.cat(scores) / soft, 0) - present[m])
                loss = loss + F.mse_loss(present[m], y)
            conservative = sum(gap.mean() for gap in gaps)
            total = loss + s["conservativeWeight"] * conservative
            run.report(critic_loss=total, q=present.mean(), bellman_loss=loss)
            run.report(conservative_gap=conservative / members)
            run.descend("critics", total)
            run.follow("targetCritics", "critics", s["targetRate"])

        obs, noise = parts[-1]["obs"], run.take("noise.actor.action", (ROWS, ACT))
        action, log_prob, *_ = squashed(policy(actor, seen(obs)), noise)
        loss = (alpha * log_prob - value(critics, seen(obs), action).min(0).values).mean()
        run.report(actor_loss=loss)
        run.descend("actor", loss)
        temperature.update(log_prob)
        seen.observe(obs)
    return run.done()


write(__file__, [
    case("cal-ql", "as in the paper", sampledActions=3),
    case(
        "cal-ql",
        "with its switches",
        sampledActions=2,
        critics=3,
        criticLayerNorm=True,
        conservativeWeight=0.7,
        conservativeTemperature=1.6,
        maxTargetBackup=False,
        normalizeObservations=True,
        policyDelay=2,
    ),
    case("cql", "with few actions", sampledActions=2),
])
