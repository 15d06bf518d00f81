"""Golden numbers of mirror descent policy optimisation from replay (arXiv:2005.09814, section 5.2), with the KL
divergence and with Tsallis' of index q, and of the soft actor-critic with a value network (arXiv:1801.01290) that it is
where both weights are equal. Three consecutive updates, of which the second copies the old policy.

Command: python3 -B tests/golden/agents/mdpo.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes mdpo.json.
"""

import torch
from common import ACT, HIDDEN, OBS, ROWS, Case, Mlp, Observations, bellman, squashed, transitions, write
from torch.distributions import Normal
from torch.nn import functional as F

COMMON = {
    "targetRate": 0.05,
    "actorLearningRate": 1e-3,
    "criticLearningRate": 2e-3,
    "hidden": HIDDEN,
    "oldPolicyUpdates": 2,
}
MDPO = {
    "divergence": "kl",
    "tsallisIndex": 1.5,
    "entropyWeight": 0.2,
    "proximityWeight": 1,
    "outputPenalty": 1e-3,
    "criticLayerNorm": False,
    "normalizeObservations": False,
}


def log_q(log_prob, q):
    """(π^(q−1) − 1)/(q − 1), which is log π at q = 1."""
    return log_prob if q == 1 else (log_prob.exp() ** (q - 1) - 1) / (q - 1)


def squashed_log_prob(output, u):
    """log π of tanh(u) under a policy that u was not sampled from."""
    mean, log_std = output.chunk(2, -1)
    normal = Normal(mean, log_std.clamp(-20, 2).exp())
    return (normal.log_prob(u) - torch.log(1 - torch.tanh(u) ** 2)).sum(-1)


def mirror_descent(s, q, log_prob, old_log_prob, output):
    """Losses of value and actor as arXiv:2005.09814 has them; q are both critics' values of the policy's actions."""
    index = 1 if s["divergence"] == "kl" else s["tsallisIndex"]
    entropy, proximity = s["entropyWeight"], s["proximityWeight"]
    soft_value = q.min(0).values - entropy * log_q(log_prob, index)
    present, old = proximity * log_q(log_prob, index), (entropy - proximity) * log_q(old_log_prob, index)
    penalty = sum((part**2).mean() for part in output)
    return soft_value, (present + index * old - q[0]).mean() + s["outputPenalty"] * penalty


def soft_actor_critic(s, q, log_prob, *_):
    """Those of arXiv:1801.01290, Eqs. 5 and 12, with the reward scale as a temperature. Here is no old policy."""
    temperature = s["entropyWeight"]
    return q.min(0).values - temperature * log_prob, (temperature * log_prob - q[0]).mean()


def case(name, losses=mirror_descent, **settings):
    given = {**COMMON, **settings}
    s = {**MDPO, **given}
    run = Case("mdpo", name, given)
    policy = Mlp([OBS, *HIDDEN, 2 * ACT])
    q = Mlp([OBS + ACT, *HIDDEN, 1], 2, s["criticLayerNorm"])
    v = Mlp([OBS, *HIDDEN, 1], None, s["criticLayerNorm"])
    actor = run.trained("actor", policy.size, s["actorLearningRate"])
    old_actor = run.vector("oldActor", policy.size)
    age = run.vector("oldActorAge", 1, {"values": [0]})
    critics = run.trained("critics", q.size, s["criticLearningRate"])
    value = run.trained("value", v.size, s["criticLearningRate"])
    target_value = run.vector("targetValue", v.size)
    seen = Observations(run, s["normalizeObservations"])

    def quality(x, action):
        return q(critics, torch.cat([x, action], -1)).squeeze(-1)

    for _ in range(3):
        run.begin()
        batch = transitions(run)[0]
        noise = run.take("noise.action", (ROWS, ACT))
        x = seen(batch["obs"])

        y = bellman(batch, v(target_value, seen(batch["nextObs"])).squeeze(-1))
        present = quality(x, batch["action"])
        critic_loss = sum(F.mse_loss(present[m], y) for m in range(2))

        action, log_prob, output = squashed(policy(actor, x), noise)
        old_log_prob = squashed_log_prob(policy(old_actor, x), output[0] + output[1].exp() * noise)
        soft_value, actor_loss = losses(s, quality(x, action), log_prob, old_log_prob, output)
        value_loss = F.mse_loss(v(value, x).squeeze(-1), soft_value.detach())

        run.report(critic_loss=critic_loss, q=present.mean(), value_loss=value_loss, actor_loss=actor_loss)
        run.report(approx_kl=(log_prob - old_log_prob).mean(), entropy=-log_prob.mean())
        gradients = {
            name: torch.autograd.grad(loss, run.vectors[name], retain_graph=True)[0]
            for name, loss in (("critics", critic_loss), ("value", value_loss), ("actor", actor_loss))
        }
        for name, gradient in gradients.items():
            run.vectors[name].grad = gradient
            run.optimizers[name].step()
        run.follow("targetValue", "value", s["targetRate"])
        age += 1
        if age >= s["oldPolicyUpdates"]:
            old_actor.copy_(actor.detach())
            age.zero_()
        seen.observe(batch["obs"])
    return run.done()


write(__file__, [
    case("with the KL divergence"),
    case("with Tsallis entropy", divergence="tsallis", tsallisIndex=1.5),
    case("with Tsallis entropy of index 2", divergence="tsallis", tsallisIndex=2, outputPenalty=0.1),
    case("with normalised critics and observations", criticLayerNorm=True, normalizeObservations=True),
    case(
        "as soft actor-critic with a value network",
        losses=soft_actor_critic,
        entropyWeight=0.3,
        proximityWeight=0.3,
        outputPenalty=0,
    ),
])
