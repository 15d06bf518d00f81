"""What the scripts for teams share: rows of a team, one after another, as one of its agents sees them."""

import torch


def seen_by_each(rows, agents):
    """[B, F] to [B, D·F]: of agent d the rows of agents d, d + 1, … modulo D, side by side."""
    teams = rows.reshape(-1, agents, rows.shape[-1])
    views = [torch.roll(teams, -shift, dims=1) for shift in range(agents)]
    return torch.cat(views, -1).reshape(len(rows), -1)
