"""Golden numbers of residual off-policy learning on a frozen base (arXiv:2509.19301): corrections bounded by tanh, critics
of the executed sum, targets from a subset of them, clipped gradients. Two consecutive updates.

Command: python3 -B tests/golden/agents/residual.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes residual.json.
"""

import torch
from common import ACT, CENTRE, HIDDEN, OBS, ROWS, SCALE, Case, Mlp, bellman, transitions, write
from torch.nn import functional as F

COMMON = {
    "targetRate": 0.05,
    "actorLearningRate": 1e-3,
    "criticLearningRate": 2e-3,
    "hidden": HIDDEN,
    "criticOnlyUpdates": 0,
}
RESIDUAL = {
    "critics": 10,
    "targetSubset": 2,
    "criticLayerNorm": True,
    "actorLayerNorm": True,
    "residualScale": 0.3,
    "targetNoise": 0.05,
    "targetNoiseLimit": 0.3,
    "policyDelay": 4,
    "clipTargets": False,
    "residualPenalty": 0.0,
    "gradientLimit": 1.0,
    "actorWarmUp": 0,
}
ADAM_STEP = 3


def case(name, **settings):
    given = {**COMMON, **settings}
    s = {**RESIDUAL, **given}
    delay, members = s["policyDelay"], s["critics"]
    run = Case("residual", name, given)
    policy = Mlp([OBS + ACT, *HIDDEN, ACT], layer_norm=s["actorLayerNorm"])
    q = Mlp([OBS + ACT, *HIDDEN, 1], members, s["criticLayerNorm"])
    actor = run.trained("actor", policy.size, s["actorLearningRate"])
    target_actor = run.vector("targetActor", policy.size)
    critics = run.trained("critics", q.size, s["criticLearningRate"])
    target_critics = run.vector("targetCritics", q.size)
    updates = ADAM_STEP

    def seen(obs):
        return (obs[:, :OBS] - CENTRE) * SCALE

    def correction(vector, obs):
        return s["residualScale"] * torch.tanh(policy(vector, torch.cat([seen(obs), obs[:, OBS:]], -1)))

    def value(vector, obs, action):
        return q(vector, torch.cat([seen(obs), action], -1)).squeeze(-1)

    def descend(name, loss):
        vector = run.vectors[name]
        vector.grad = torch.autograd.grad(loss, vector)[0]
        if s["gradientLimit"] > 0:
            torch.nn.utils.clip_grad_norm_([vector], s["gradientLimit"])
        run.optimizers[name].step()

    for turn in range(2):
        run.begin()
        parts = transitions(run, delay, width=OBS + ACT)
        noise = run.take("noise.critic.nextAction", (delay, ROWS, ACT), run.wave(1.1))
        if s["targetSubset"] < members:
            drawn = run.take("noise.critic.subset", (delay, members), run.wave(1.1))
        for i, batch in enumerate(parts):
            with torch.no_grad():
                limit = s["targetNoiseLimit"]
                smoothing = (s["targetNoise"] * noise[i]).clamp(-limit, limit)
                base = batch["nextObs"][:, OBS:]
                next_action = (base + correction(target_actor, batch["nextObs"]) + smoothing).clamp(-1, 1)
                next_q = value(target_critics, batch["nextObs"], next_action)
                if s["targetSubset"] < members:
                    next_q = next_q[drawn[i].topk(s["targetSubset"]).indices]
                y = bellman(batch, next_q.min(0).values)
                if s["clipTargets"]:
                    y = y.clamp(0, 1)
            present = value(critics, batch["obs"], batch["action"])
            loss = sum(F.mse_loss(present[m], y) for m in range(members))
            run.report(critic_loss=loss, q=present.mean())
            descend("critics", loss)
            run.follow("targetCritics", "critics", s["targetRate"])
            updates += 1

        obs = parts[-1]["obs"]
        residual = correction(actor, obs)
        q_of_sum = value(critics, obs, (obs[:, OBS:] + residual).clamp(-1, 1)).mean()
        loss = s["residualPenalty"] * (residual**2).mean() - q_of_sum
        run.report(actor_loss=loss, residual=residual.abs().mean())
        if updates > s["criticOnlyUpdates"]:
            if s["actorWarmUp"] > 0:
                begun = run.optimizers["actor"].state[actor]["step"].item() + 1
                rate = s["actorLearningRate"] * min(1.0, begun / s["actorWarmUp"])
                run.optimizers["actor"].param_groups[0]["lr"] = rate
            descend("actor", loss)
            run.follow("targetActor", "actor", s["targetRate"])
    return run.done()


write(__file__, [
    case("as in the paper"),
    case(
        "with its switches",
        critics=3,
        targetSubset=3,
        policyDelay=2,
        clipTargets=True,
        residualPenalty=0.7,
        gradientLimit=0,
        actorWarmUp=8,
        actorLayerNorm=False,
        residualScale=1.2,
    ),
    case("while the critics learn alone, and after", critics=2, policyDelay=2, criticOnlyUpdates=5),
])
