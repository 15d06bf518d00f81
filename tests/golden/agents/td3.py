"""Golden numbers of twin delayed deterministic policy gradients (arXiv:1802.09477, algorithm 1). Two consecutive
updates.

Command: python3 -B tests/golden/agents/td3.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes td3.json.
"""

import torch
from common import ACT, HIDDEN, OBS, ROWS, Case, Mlp, Observations, bellman, transitions, write
from torch.nn import functional as F

COMMON = {
    "targetRate": 0.05,
    "actorLearningRate": 1e-3,
    "criticLearningRate": 2e-3,
    "hidden": HIDDEN,
}
TD3 = {
    "critics": 2,
    "criticLayerNorm": False,
    "targetNoise": 0.2,
    "targetNoiseLimit": 0.5,
    "policyDelay": 2,
    "normalizeObservations": False,
    "dataTrust": 0.0,
}


def case(name, noise_scale=1.1, agent="td3", **settings):
    given = {**COMMON, **settings}
    s = {**TD3, **given}
    delay = s["policyDelay"]
    run = Case(agent, name, given)
    policy = Mlp([OBS, *HIDDEN, ACT])
    q = Mlp([OBS + ACT, *HIDDEN, 1], s["critics"], s["criticLayerNorm"])
    actor = run.trained("actor", policy.size, s["actorLearningRate"])
    target_actor = run.vector("targetActor", policy.size)
    critics = run.trained("critics", q.size, s["criticLearningRate"])
    target_critics = run.vector("targetCritics", q.size)
    seen = Observations(run, s["normalizeObservations"])

    def value(vector, x, action):
        return q(vector, torch.cat([x, action], -1)).squeeze(-1)

    for _ in range(2):
        run.begin()
        parts = transitions(run, delay)
        noise = run.take("noise.critic.nextAction", (delay, ROWS, ACT), run.wave(noise_scale))
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

        x = seen(parts[-1]["obs"])
        action = torch.tanh(policy(actor, x))
        climbed = value(critics, x, action)[0]
        loss = -climbed.mean()
        if s["dataTrust"] > 0:  # TD3+BC, arXiv:2106.06860, Eqs. 3 and 5.
            weight = s["dataTrust"] / climbed.abs().mean().detach()
            loss = weight * loss + F.mse_loss(action, parts[-1]["action"])
        run.report(actor_loss=loss)
        run.descend("actor", loss)
        run.follow("targetActor", "actor", s["targetRate"])
        run.follow("targetCritics", "critics", s["targetRate"])
        seen.observe(parts[-1]["obs"])
    return run.done()


write(__file__, [
    case("with two critics"),
    case("with noise at its limits", noise_scale=5.0, targetNoise=0.6, targetNoiseLimit=0.7),
    case(
        "with three normalised critics and observations",
        critics=3,
        criticLayerNorm=True,
        policyDelay=1,
        normalizeObservations=True,
    ),
    case("near the data", agent="td3-bc", dataTrust=2.5, normalizeObservations=True),
])
