"""Writes urdf.json: where the links of a URDF file are at random postures, by a library that shares nothing with ours.

Needs yourdfpy (github.com/clemense/yourdfpy, made with 0.0.60): python make-urdf.py
"""

import json
from pathlib import Path

import numpy as np
from yourdfpy import URDF

here = Path(__file__).parent
robot = URDF.load(
    str(here / "../physics/urdf/files/two_finger/urdf/two_finger.urdf"), load_meshes=False, build_scene_graph=True
)
rng = np.random.default_rng(1)
joints = robot.actuated_joint_names
limits = [robot.joint_map[name].limit for name in joints]
postures = []
for _ in range(20):
    positions = [round(rng.uniform(limit.lower, limit.upper) if limit else rng.uniform(-3, 3), 6) for limit in limits]
    robot.update_cfg(positions)
    links = {name: robot.get_transform(name)[:3].round(12).tolist() for name in ["camera", "index_tip", "thumb", "slider"]}
    postures.append({"positions": dict(zip(joints, positions)), "links": links})
(here / "urdf.json").write_text(json.dumps({"postures": postures}) + "\n")
