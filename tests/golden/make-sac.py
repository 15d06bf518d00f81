"""Golden numbers of two whole SAC updates, from PyTorch in float64.

Command: python3 tests/golden/make-sac.py > tests/golden/sac.json   (PyTorch 2.15.0, NumPy 2.4.6, Python 3.11)
Parameters and data come from closed formulas, so that the test can make the same ones. Layouts are those of the agent:
kernels [in, out], biases, layer by layer; critics stacked, each array [members, in, out].
"""
import json
import sys

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
OBS, ACT, HIDDEN, BATCH, MEMBERS = 3, 2, [4, 4], 5, 2
BOUND = 2.0  # observations are scaled from [-2, 2] to [-1, 1]
GAMMA, TAU, LR_ACTOR, LR_CRITIC, LR_ALPHA = 0.97, 0.05, 1e-3, 2e-3, 3e-3
TARGET_ENTROPY = -1.0 * ACT


def wave(count, phase, scale):
    return scale * torch.sin(1.3 * torch.arange(count) + phase)


def layout(widths, members=()):
    shapes = []
    for fan_in, units in zip(widths, widths[1:]):
        shapes += [(*members, fan_in, units), (*members, 1, units)]
    return shapes


def size(shapes):
    return sum(torch.Size(s).numel() for s in shapes)


actor_shapes = layout([OBS, *HIDDEN, 2 * ACT])
critic_shapes = layout([OBS + ACT, *HIDDEN, 1], (MEMBERS,))
actor = wave(size(actor_shapes), 0.3, 0.6).requires_grad_()
critics = wave(size(critic_shapes), 1.1, 0.6).requires_grad_()
targets = wave(size(critic_shapes), 2.3, 0.5)
log_alpha = torch.tensor([-0.4], requires_grad=True)
optimizers = [
    torch.optim.Adam([critics], lr=LR_CRITIC, eps=1e-8),
    torch.optim.Adam([actor], lr=LR_ACTOR, eps=1e-8),
    torch.optim.Adam([log_alpha], lr=LR_ALPHA, eps=1e-8),
]


def apply(vector, shapes, x):
    pieces = [p.reshape(s) for p, s in zip(torch.split(vector, [torch.Size(s).numel() for s in shapes]), shapes)]
    for layer in range(0, len(pieces), 2):
        x = x @ pieces[layer] + pieces[layer + 1]
        if layer + 2 < len(pieces):
            x = torch.relu(x)
    return x


def sample(vector, obs, noise):
    mean, log_std = apply(vector, actor_shapes, obs / BOUND).chunk(2, -1)
    log_std = log_std.clamp(-20, 2)
    normal = torch.distributions.Normal(mean, log_std.exp())
    u = mean + log_std.exp() * noise
    # An independent form of the log-probability: the exact derivative of tanh.
    log_prob = (normal.log_prob(u) - torch.log(1 - torch.tanh(u) ** 2)).sum(-1)
    return torch.tanh(u), log_prob


def q(vector, obs, action):
    return apply(vector, critic_shapes, torch.cat([obs / BOUND, action], -1)).squeeze(-1)


result = []
for update in range(2):
    obs = wave(BATCH * OBS, 0.5 + update, 1.5).reshape(BATCH, OBS)
    action = wave(BATCH * ACT, 0.9 + update, 0.9).reshape(BATCH, ACT)
    reward = wave(BATCH, 0.2 + update, 1.0)
    next_obs = wave(BATCH * OBS, 1.7 + update, 1.5).reshape(BATCH, OBS)
    terminated = torch.tensor([0.0, 0, 1, 0, 0])
    noise = wave(BATCH * ACT, 2.9 + update, 1.1).reshape(BATCH, ACT)
    next_noise = wave(BATCH * ACT, 0.1 + update, 1.1).reshape(BATCH, ACT)

    alpha = log_alpha.exp().detach()
    with torch.no_grad():
        next_action, next_log_prob = sample(actor, next_obs, next_noise)
        soft = q(targets, next_obs, next_action).min(0).values - alpha * next_log_prob
        y = reward + GAMMA * (1 - terminated) * soft
    values = q(critics, obs, action)
    critic_loss = sum(F.mse_loss(values[i], y) for i in range(MEMBERS))
    optimizers[0].zero_grad()
    critic_loss.backward()
    optimizers[0].step()

    a, log_prob = sample(actor, obs, noise)
    actor_loss = (alpha * log_prob - q(critics.detach(), obs, a).min(0).values).mean()
    optimizers[1].zero_grad()
    actor_loss.backward()
    optimizers[1].step()

    alpha_loss = (-log_alpha.exp() * (log_prob.detach() + TARGET_ENTROPY)).mean()
    optimizers[2].zero_grad()
    alpha_loss.backward()
    optimizers[2].step()
    with torch.no_grad():
        targets += TAU * (critics - targets)
    result.append({
        "critic_loss": critic_loss.item(),
        "actor_loss": actor_loss.item(),
        "ent_coef_loss": alpha_loss.item(),
        "actor": actor.tolist(),
        "critics": critics.tolist(),
        "targetCritics": targets.tolist(),
        "logTemperature": log_alpha.tolist(),
    })
json.dump({"command": "python3 tests/golden/make-sac.py", "torch": torch.__version__, "updates": result}, sys.stdout)
