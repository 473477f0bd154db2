"""Forests: trained by LightGBM, written as src/scorer/model.rs reads them."""
import struct

import lightgbm
import numpy as np

BINARY = dict(objective="binary", min_data_in_leaf=40, lambda_l2=5, bagging_fraction=0.7, bagging_freq=1, feature_fraction=0.3)
KINDS = dict(objective="multiclass", min_data_in_leaf=10, lambda_l2=3, feature_fraction=0.5)
SAME = dict(max_bin=63, max_depth=6, num_threads=1, seed=1, deterministic=True, force_col_wise=True, verbose=-1)


def train(values, labels, weights, rounds, leaves, rate, **more):
    parameters = {**(KINDS if "num_class" in more else BINARY), **SAME, "num_leaves": leaves, "learning_rate": rate, **more}
    used = weights > 0
    weights = weights[used] / weights[used].mean()
    data = lightgbm.Dataset(values[used], labels[used], weight=weights, params=SAME)
    return lightgbm.train(parameters, data, rounds)


def nodes(tree):
    """A tree's nodes: (feature, low child, high child, threshold, value), a leaf its own child."""
    found = []

    def add(node):
        place = len(found)
        found.append(None)
        if "leaf_value" in node:
            found[place] = (0, place, place, 0.0, node["leaf_value"])
            return place
        low, high = add(node["left_child"]), add(node["right_child"])
        found[place] = (node["split_feature"], low, high, node["threshold"], node["internal_value"])
        return place

    add(tree["tree_structure"])
    return found


def pack(models, every=1, offset=0):
    """The bytes of a forest: the trees of a model, or each `every`th of them from `offset` on (one class of many)."""
    trees = models.dump_model()["tree_info"][offset::every]
    out = struct.pack("<I", len(trees))
    for tree in trees:
        found = nodes(tree)
        out += struct.pack("<I", len(found))
        for feature, low, high, threshold, value in found:
            # Features are 32-bit numbers: the threshold is rounded down to one, which keeps each on its side.
            narrow = np.float32(threshold)
            if float(narrow) > threshold:
                narrow = np.nextafter(narrow, np.float32(-np.inf))
            out += struct.pack("<HHHff", feature, low, high, float(narrow), value)
    return out
