"""Golden numbers of distributional soft actor-critic with its three refinements, with each of them off, and with all
off (arXiv:2310.05858 and arXiv:2001.02811; losses in the form of github.com/Jingliang-Duan/DSAC-v2). Two consecutive
updates.

Command: python3 -B tests/golden/agents/dsac-t.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes dsac-t.json and dsac-t-ablations.json.
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
    "deviationRate": 0.1,
}
DSAC_T = {
    "expectedValueSubstitution": True,
    "twinCritics": True,
    "varianceAdjustment": True,
    "fixedBound": 10,
    "criticLayerNorm": False,
    "policyDelay": 2,
    "targetEntropyPerAction": -1,
    "normalizeObservations": False,
}
OFF = {"expectedValueSubstitution": False, "twinCritics": False, "varianceAdjustment": False}
VARIANTS = {"dsac-t": {}, "dsac": OFF}


def huber(prediction, target):
    return F.huber_loss(prediction, target, reduction="none", delta=50.0)


def critic_loss(mean, deviation, expected, sampled, running, s):
    """Of one critic: ω·[H(μ, y) + σ·(σ̇² − H(μ̇, y_z))/(σ̇ + 0.1)], the sampled target y_z clipped around μ̇."""
    still_mean, still = mean.detach(), deviation.detach()
    if s["varianceAdjustment"]:
        bound = 3 * running
        weight = (running**2 / (still**2 + 0.1)).clamp(0.1, 10)
    else:
        bound = s["fixedBound"]
        weight = 1 / (still**2 + 0.1)
    clipped = still_mean + (sampled - still_mean).clamp(-bound, bound)
    slope = (still**2 - huber(still_mean, clipped)) / (still + 0.1)
    return (weight * (huber(mean, expected) + deviation * slope)).mean()


def case(agent, name, reward=1.0, deviations=None, scale=0.6, **settings):
    given = {**COMMON, **settings}
    s = {**DSAC_T, **VARIANTS[agent], **given}
    members, delay = 2 if s["twinCritics"] else 1, s["policyDelay"]
    run = Case(agent, name, given)
    policy = Mlp([OBS, *HIDDEN, 2 * ACT], activation=F.gelu)
    network = Mlp([OBS + ACT, *HIDDEN, 2], members, s["criticLayerNorm"], activation=F.gelu)
    actor = run.trained("actor", policy.size, s["actorLearningRate"], source=run.wave(scale))
    target_actor = run.vector("targetActor", policy.size, run.wave(scale))
    critics = run.trained("critics", network.size, s["criticLearningRate"])
    target_critics = run.vector("targetCritics", network.size)
    running = run.vector("deviations", members, {"values": (deviations or [0.0, 0.0])[:members]})
    temperature = Temperature(run, s["temperatureLearningRate"], s["targetEntropyPerAction"] * ACT)
    seen = Observations(run, s["normalizeObservations"])

    def returns(vector, x, action):
        output = network(vector, torch.cat([x, action], -1))
        return output[..., 0], F.softplus(output[..., 1])

    for _ in range(2):
        run.begin()
        parts = transitions(run, delay, reward)
        next_noise = run.take("noise.critic.nextAction", (delay, ROWS, ACT))
        return_noise = run.take("noise.critic.nextReturn", (delay, members, ROWS), run.wave(3.5))
        alpha = temperature.alpha()
        for i, batch in enumerate(parts):
            with torch.no_grad():
                next_x = seen(batch["nextObs"])
                next_action, log_prob, *_ = squashed(policy(target_actor, next_x), next_noise[i], high=0.5)
                next_mean, next_deviation = returns(target_critics, next_x, next_action)
                next_sample = next_mean + return_noise[i].clamp(-3, 3) * next_deviation
                lowest = next_mean.argmin(0, keepdim=True)
                sampled = bellman(batch, next_sample.gather(0, lowest)[0] - alpha * log_prob)
                expected = bellman(batch, next_mean.gather(0, lowest)[0] - alpha * log_prob)
            mean, deviation = returns(critics, seen(batch["obs"]), batch["action"])
            with torch.no_grad():
                for m in range(members):
                    present = deviation[m].mean()
                    running[m] = present if running[m] == 0 else running[m].lerp(present, s["deviationRate"])
            goal = expected if s["expectedValueSubstitution"] else sampled
            loss = sum(critic_loss(mean[m], deviation[m], goal, sampled, running[m], s) for m in range(members))
            run.report(critic_loss=loss, q=mean.mean(), q_std=deviation.mean())
            run.descend("critics", loss)

        obs, noise = parts[-1]["obs"], run.take("noise.actor.action", (ROWS, ACT))
        action, log_prob, *_ = squashed(policy(actor, seen(obs)), noise, high=0.5)
        loss = (alpha * log_prob - returns(critics, seen(obs), action)[0].min(0).values).mean()
        run.report(actor_loss=loss)
        run.descend("actor", loss)
        temperature.update(log_prob)
        run.follow("targetActor", "actor", s["targetRate"])
        run.follow("targetCritics", "critics", s["targetRate"])
        seen.observe(obs)
    return run.done()


refined = [
    case("dsac-t", "from the first batch"),
    # Weights at both limits, errors beyond Huber's, log σ of the policy at its limit.
    case("dsac-t", "with large numbers", reward=90.0, deviations=[0.05, 4.0], scale=1.2),
    case(
        "dsac-t",
        "with normalised critics and observations",
        criticLayerNorm=True,
        normalizeObservations=True,
        policyDelay=1,
    ),
]
ablations = [
    case("dsac-t", "without expected value substitution", expectedValueSubstitution=False, policyDelay=1),
    case("dsac-t", "without twin critics", twinCritics=False, policyDelay=1),
    case("dsac-t", "without variance adjustment", varianceAdjustment=False, fixedBound=1, policyDelay=1),
    case("dsac", "without any of the three", fixedBound=1, policyDelay=1),
]
write(__file__, refined, "dsac-t")
write(__file__, ablations, "dsac-t-ablations")
