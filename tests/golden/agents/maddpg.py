"""Golden numbers of multi-agent deterministic policy gradients with shared parameters (arXiv:1706.02275, Eqs. 5 and 6;
twin critics and smoothed targets as in arXiv:1910.01465). Two consecutive updates of teams of two and of three.

Command: python3 -B tests/golden/agents/maddpg.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes maddpg.json.
"""

import common
import torch
from common import ACT, HIDDEN, OBS, Case, Mlp, Observations, bellman, transitions, write
from teams import seen_by_each
from torch.nn import functional as F

common.ROWS = ROWS = 6

COMMON = {
    "targetRate": 0.05,
    "actorLearningRate": 1e-3,
    "criticLearningRate": 2e-3,
    "hidden": HIDDEN,
}
MADDPG = {
    "critics": 1,
    "criticLayerNorm": False,
    "targetNoise": 0,
    "targetNoiseLimit": 0.5,
    "policyDelay": 1,
    "normalizeObservations": False,
}


def case(name, agents, **settings):
    given = {**COMMON, **settings}
    s = {**MADDPG, **given}
    delay = s["policyDelay"]
    run = Case("maddpg", name, given)
    run.record.update({"agents": agents, "rows": ROWS})
    policy = Mlp([OBS, *HIDDEN, ACT])
    q = Mlp([agents * (OBS + ACT), *HIDDEN, 1], s["critics"], s["criticLayerNorm"])
    actor = run.trained("actor", policy.size, s["actorLearningRate"])
    target_actor = run.vector("targetActor", policy.size)
    critics = run.trained("critics", q.size, s["criticLearningRate"])
    target_critics = run.vector("targetCritics", q.size)
    seen = Observations(run, s["normalizeObservations"])

    def value(vector, x, action):
        """Of each row, its own first: [E, B]."""
        team = [seen_by_each(x, agents), seen_by_each(action, agents)]
        return q(vector, torch.cat(team, -1)).squeeze(-1)

    for _ in range(2):
        run.begin()
        parts = transitions(run, delay)
        noise = run.take("noise.critic.nextAction", (delay, ROWS, ACT), run.wave(1.1))
        for i, batch in enumerate(parts):
            with torch.no_grad():
                next_x = seen(batch["nextObs"])
                smoothing = (s["targetNoise"] * noise[i]).clamp(-s["targetNoiseLimit"], s["targetNoiseLimit"])
                next_action = (torch.tanh(policy(target_actor, next_x)) + smoothing).clamp(-1, 1)
                y = bellman(batch, value(target_critics, next_x, next_action).min(0).values)
            present = value(critics, seen(batch["obs"]), batch["action"])
            loss = sum(F.mse_loss(present[m], y) for m in range(s["critics"]))
            run.report(critic_loss=loss, q=present.mean())
            run.descend("critics", loss)

        # One agent after another: its action is the policy's, those of the others are the stored ones.
        last = parts[-1]
        x, place = seen(last["obs"]), torch.arange(ROWS) % agents
        chosen = []
        for agent in range(agents):
            mine = (place == agent).unsqueeze(1)
            joint = torch.where(mine, torch.tanh(policy(actor, x)), last["action"])
            chosen.append(value(critics, x, joint)[0][place == agent])
        loss = -torch.cat(chosen).mean()
        run.report(actor_loss=loss)
        run.descend("actor", loss)
        run.follow("targetActor", "actor", s["targetRate"])
        run.follow("targetCritics", "critics", s["targetRate"])
        seen.observe(last["obs"])
    return run.done()


write(__file__, [
    case("of two agents", 2),
    case("of three agents", 3, normalizeObservations=True, criticLayerNorm=True),
    case("of three agents as MATD3", 3, critics=2, targetNoise=0.2, policyDelay=2),
])
