"""The SAC update of `bench update` in PyTorch eager, for comparison.

Usage: python3 sac_update_pytorch.py THREADS UPDATES_PER_ROUND
Prints "ready"; then, for each line on standard input, runs a round and prints its milliseconds per update.
Structure of vwxyzjn/cleanrl's sac_continuous_action.py: two critics, their targets, learned temperature, Adam.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

threads, updates = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
OBS, ACT, HIDDEN, BATCH = 17, 6, 256, 256


def mlp(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs))


actor = mlp(OBS, 2 * ACT)
critics = [mlp(OBS + ACT, 1) for _ in range(2)]
targets = [mlp(OBS + ACT, 1) for _ in range(2)]
critic_parameters = [p for critic in critics for p in critic.parameters()]
target_parameters = [p for target in targets for p in target.parameters()]
log_alpha = torch.zeros(1, requires_grad=True)
actor_optimizer = torch.optim.Adam(actor.parameters(), lr=3e-4)
critic_optimizer = torch.optim.Adam(critic_parameters, lr=3e-4)
alpha_optimizer = torch.optim.Adam([log_alpha], lr=3e-4)

s, s2 = torch.randn(BATCH, OBS), torch.randn(BATCH, OBS)
a, r, d = torch.rand(BATCH, ACT) * 2 - 1, torch.randn(BATCH, 1), torch.zeros(BATCH, 1)


def sample(obs):
    mean, log_std = actor(obs).chunk(2, 1)
    log_std = log_std.clamp(-20, 2)
    noise = torch.randn_like(mean)
    u = mean + log_std.exp() * noise
    log_prob = (-0.5 * noise.square() - log_std - 0.9189385 - 2 * (0.6931472 - u - F.softplus(-2 * u))).sum(1, keepdim=True)
    return torch.tanh(u), log_prob


def update():
    alpha = log_alpha.exp().detach()
    with torch.no_grad():
        a2, log_prob2 = sample(s2)
        x2 = torch.cat([s2, a2], 1)
        y = r + 0.99 * (1 - d) * (torch.min(targets[0](x2), targets[1](x2)) - alpha * log_prob2)
    x = torch.cat([s, a], 1)
    critic_loss = sum(F.mse_loss(critic(x), y) for critic in critics)
    critic_optimizer.zero_grad()
    critic_loss.backward()
    critic_optimizer.step()
    action, log_prob = sample(s)
    x = torch.cat([s, action], 1)
    actor_loss = (alpha * log_prob - torch.min(critics[0](x), critics[1](x))).mean()
    actor_optimizer.zero_grad()
    actor_loss.backward()
    actor_optimizer.step()
    alpha_loss = (-log_alpha.exp() * (log_prob.detach() - ACT)).mean()
    alpha_optimizer.zero_grad()
    alpha_loss.backward()
    alpha_optimizer.step()
    with torch.no_grad():
        torch._foreach_lerp_(target_parameters, critic_parameters, 0.005)


for _ in range(20):
    update()
print("ready", flush=True)
for _ in sys.stdin:
    for _ in range(50):
        update()
    started = time.perf_counter()
    for _ in range(updates):
        update()
    print((time.perf_counter() - started) / updates * 1e3, flush=True)
