"""What the network makes of one window: scores of pairs of entities, and of figures' subjects and times."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from kg.reader import markers
from kg.train.network import Choice, Reader
from kg.train.prepare import CLASSES, Prepared, Standing


def marked(example: Prepared, steps: int) -> Tensor:
    """(steps, 2 × classes): where names of each class begin and stand."""
    kinds = example.kinds[example.owners].numpy()
    return torch.from_numpy(markers(steps, example.mentions.numpy(), kinds, len(CLASSES)))


def between(hidden: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Means of hidden (steps, 384) over [low, high); zero where that is empty. low and high of any shape."""
    sums = F.pad(hidden.cumsum(0), (0, 0, 1, 0))
    means: Tensor = (sums[high] - sums[low]) / (high - low).clamp(min=1)[..., None]
    return means


def worth_scores(model: Reader, hidden: Tensor, example: Prepared) -> Tensor:
    """For each entity of one window, as read again, a score of the text being about it: the mean of its mentions'."""
    by_mention = model.second.worth(_ends(hidden, example.mentions.to(hidden.device)))[:, 0]
    own = F.one_hot(example.owners.to(hidden.device), len(example.kinds)).T.to(hidden.dtype)
    scores: Tensor = own @ by_mention / own.sum(1)
    return scores


def pair_scores(model: Reader, hidden: Tensor, q: Tensor, k: Tensor, mask: Tensor, example: Prepared) -> Tensor:
    """Scores of every ordered pair of one window, as read again: hidden (steps, 384), q and k (heads, steps, 32)."""
    device = str(hidden.device)
    mentions, owners = example.mentions.to(device), example.owners.to(device)
    count = len(example.kinds)
    starts, both = mentions[:, 0], _ends(hidden, mentions)
    own = F.one_hot(owners, count).T.to(hidden.dtype)
    vectors = torch.logsumexp(both[None] + torch.log(own.clamp(min=1e-9))[..., None], 1)
    vectors = vectors + model.pairs.kind(example.kinds.to(device))
    text = mask.clone()
    text[0] = text[example.inputs.shape[1] - 1] = 0  # the marks at both ends are no context
    raw = torch.einsum("hmd,htd->hmt", q[:, starts], k) / q.shape[-1] ** 0.5 + (1 - text)[None, None] * -1e4
    entity = torch.einsum("em,hmt->eht", own / own.sum(1, keepdim=True), raw.softmax(-1))
    pairs, standing = example.pairs.to(device), example.standing.to(device)
    joint = (entity[pairs[:, 0]] * entity[pairs[:, 1]]).mean(1)
    joint = joint / (joint.sum(1, keepdim=True) + 1e-6)
    around = torch.cat([joint @ hidden, between(hidden, standing.low, standing.high)], 1)
    scores: Tensor = model.pairs(vectors, around, pairs, standing.places)
    return scores


def figure_scores(model: Reader, hidden: Tensor, example: Prepared) -> tuple[Tensor, Tensor]:
    """For each quantity of one window, scores of every entity and of nobody, and of every time and of the date."""
    figures, device = example.figures, str(hidden.device)
    assert figures is not None
    owners, kinds = example.owners.to(device), example.kinds.to(device)
    quantities = _ends(hidden, figures.quantities.to(device))
    mentions = _ends(hidden, example.mentions.to(device)) + model.pairs.kind(kinds)[owners]
    by_mention, nobody = _choose(model.subject, hidden, quantities, mentions, figures.to_mentions.to(device))
    own = torch.log(F.one_hot(owners, len(kinds)).T.to(hidden.dtype).clamp(min=1e-9))
    by_entity = torch.logsumexp(by_mention[:, None] + own[None], 2)
    times = _ends(hidden, figures.times.to(device))
    by_time, date = _choose(model.time, hidden, quantities, times, figures.to_times.to(device))
    return torch.cat([by_entity, nobody[:, None]], 1), torch.cat([by_time, date[:, None]], 1)


def _ends(hidden: Tensor, spans: Tensor) -> Tensor:
    return (hidden[spans[:, 0]] + hidden[spans[:, 1] - 1]) / 2


def _choose(
    choice: Choice, hidden: Tensor, quantities: Tensor, options: Tensor, standing: Standing
) -> tuple[Tensor, Tensor]:
    scores: tuple[Tensor, Tensor] = choice(
        quantities, options, between(hidden, standing.low, standing.high), standing.places
    )
    return scores
