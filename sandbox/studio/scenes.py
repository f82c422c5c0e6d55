"""The studio: product on a set, lights around it, a camera that frames it; in the renderer's terms.

Every product is scaled to one size (a sphere of radius 10), so that one set of lamps serves rings and stools.
The camera looks along +y; the product is turned instead.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.studio.forms import Mesh
from sandbox.studio.materials import Material, linear, rgb, surface_of
from sandbox.studio.models.parts import Part
from sandbox.studio.outlines import Floats, unit
from sandbox.studio.sets import AMBIENT, Lamp, backdrop, clutter, environment, lamps
from sandbox.studio.shots import Shot


def normalised(parts: list[Part]) -> list[Part]:
    """The model scaled into a sphere of radius 10 and centred over the origin, standing on z = 0."""
    points = np.concatenate([mesh.points for mesh, _ in parts])
    low, high = points.min(0), points.max(0)
    factor = 20 / float(np.linalg.norm(high - low))
    x, y = (low[:2] + high[:2]) / 2
    return [(mesh.at(-x, -y, -low[2]).scale(factor, factor, factor), look) for mesh, look in parts]


def arranged(parts: list[Part], shot: Shot) -> list[Part]:
    """The pieces on their set, turned to the camera."""
    rng = np.random.default_rng(shot.seed + 7)
    turned = [(mesh.spin("z", shot.azimuth), look) for mesh, look in parts]
    if shot.pieces == 1:
        return turned
    points = np.concatenate([mesh.points for mesh, _ in turned])
    width = float(np.ptp(points[:, 0]))
    other = [(mesh.spin("z", float(shot.azimuth + rng.uniform(-40, 40))), look) for mesh, look in parts]
    depth = float(np.ptp(points[:, 1]))
    step = (width * rng.uniform(0.75, 0.95), depth * rng.uniform(0.5, 0.8) + 2.0)
    return [*turned, *[(mesh.at(step[0], step[1]), look) for mesh, look in other]]


def exposure(shot: Shot) -> float:
    """What the renderer's values are multiplied with so that a white card at the product is almost white."""
    total = AMBIENT[shot.light] * 0.8
    for place, _, irradiance, _ in lamps(shot):
        facing = unit(place)
        total += irradiance * float(0.65 * facing[2] + 0.35 * max(-facing[1], 0.0))
    gain = {"white": 1.12, "grey": 0.98}.get(shot.background, 1.0)
    return shot.exposure * gain * float(np.pi) / total


def lamp_dict(mi: Any, lamp: Lamp) -> dict[str, Any]:
    place, width, irradiance, color = lamp
    distance = float(np.linalg.norm(place))
    radiance = irradiance * distance**2 / width**2
    look = mi.ScalarTransform4f().look_at(origin=place.tolist(), target=[0, 0, 5], up=[0, 0.1, 1])
    return {
        "type": "rectangle",
        "to_world": look @ mi.ScalarTransform4f().scale([width / 2, width / 2, 1]),
        "emitter": {"type": "area", "radiance": rgb(color * radiance)},
    }


def framing(shot: Shot, points: Floats, back: Floats, up: Floats) -> tuple[Floats, float]:
    """The point to look at and the distance from which the points take `fill` of the frame."""
    right = np.array([1.0, 0, 0])
    reach = np.tan(np.radians(shot.field) / 2)
    tall = shot.size[1] / shot.size[0]
    target, distance = points.mean(0), 40.0
    for _ in range(12):  # perspective makes it no closed formula, but it settles quickly
        offset = points - target
        depth = distance - offset @ back
        u, v = offset @ right / depth / reach, offset @ up / depth / reach / tall
        middle = np.array([u.max() + u.min(), v.max() + v.min()]) / 2
        target = target + (right * middle[0] + up * middle[1] * tall) * distance * reach
        extent = max(np.ptp(u), np.ptp(v)) / 2
        distance *= float(np.clip(extent / shot.fill, 0.6, 1.7))
    target = target + (right * shot.shift[0] + up * shot.shift[1]) * distance * reach * 2
    return target, distance


def camera(mi: Any, shot: Shot, points: Floats, samples: int, scale: float) -> dict[str, Any]:
    """A camera that frames the points as the shot asks; with an aperture, what is off the product blurs."""
    lift = np.radians(shot.elevation)
    back = np.array([0.0, -np.cos(lift), np.sin(lift)])
    up = np.cross(np.array([1.0, 0, 0]), -back)
    target, distance = framing(shot, points, back, up)
    roll = mi.ScalarTransform4f().rotate((-back).tolist(), shot.roll)
    tilted = np.array(roll.matrix)[:3, :3] @ up
    sensor: dict[str, Any] = {
        "type": "thinlens" if shot.aperture else "perspective",
        "fov": shot.field,
        "fov_axis": "x",
        "to_world": mi.ScalarTransform4f().look_at(
            origin=(target + back * distance).tolist(), target=target.tolist(), up=tilted.tolist()
        ),
        "near_clip": 1.0,
        "far_clip": 2000.0,
        "film": {
            "type": "hdrfilm",
            "width": round(shot.size[0] * scale),
            "height": round(shot.size[1] * scale),
            "rfilter": {"type": "box"},
            "pixel_format": "rgb",
            "component_format": "float32",
        },
        "sampler": {"type": "multijitter", "sample_count": samples},
    }
    if shot.aperture:
        sensor |= {"aperture_radius": shot.aperture * distance / 60, "focus_distance": distance - 3}
    return sensor


def mesh_object(mi: Any, name: str, mesh: Mesh, look: Material) -> Any:
    properties = mi.Properties()
    properties["mesh_bsdf"] = mi.load_dict(surface_of(mi, look))
    if look.kind == "glow":
        properties["emitter"] = mi.load_dict({"type": "area", "radiance": rgb(linear(look.color) * look.roughness)})
    shape = mi.Mesh(
        name, len(mesh.points), len(mesh.faces), has_vertex_normals=True, has_vertex_texcoords=True, props=properties
    )
    values = mi.traverse(shape)
    values["vertex_positions"] = mesh.points.astype(np.float32).ravel()
    values["vertex_normals"] = mesh.normals.astype(np.float32).ravel()
    values["vertex_texcoords"] = mesh.uv.astype(np.float32).ravel()
    values["faces"] = mesh.faces.astype(np.uint32).ravel()
    values.update()
    return shape


def integrator(glassy: bool) -> dict[str, Any]:
    """Only the volumetric one samples lamps through what is mostly not there, which is our glass."""
    if glassy:
        return {"type": "volpath", "max_depth": 12, "rr_depth": 6}
    return {"type": "path", "max_depth": 7, "rr_depth": 3}


def scene_of(mi: Any, shot: Shot, parts: list[Part], samples: int, scale: float) -> Any:
    """The whole scene, ready to render; `scale` shrinks the film for drafts."""
    pieces = arranged(normalised(parts), shot)
    points = np.concatenate([mesh.points for mesh, _ in pieces])
    everything = [*pieces, *backdrop(shot), *(clutter(shot) if shot.query else [])]
    glassy = any(look.kind == "glass" for _, look in parts)
    scene: dict[str, Any] = {
        "type": "scene",
        "integrator": integrator(glassy),
        "sensor": camera(mi, shot, points[:: max(1, len(points) // 20000)], samples, scale),
        "room": environment(mi, shot),
    }
    for index, lamp in enumerate(lamps(shot)):
        scene[f"lamp{index}"] = lamp_dict(mi, lamp)
    for index, (mesh, look) in enumerate(everything):
        scene[f"part{index}"] = mesh_object(mi, f"part{index}", mesh, look)
    return mi.load_dict(scene)
