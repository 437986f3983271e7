#!/usr/bin/env python3
"""Makes golden_trees.json: searches as the papers say, worked out apart.

    python3 make_golden_trees.py > golden_trees.json

Written from the papers, with nodes as objects that keep every return they saw,
to share nothing with the C++ code but what that documents: which generator
draws the noise, how values are normalised, who wins a tie.

  [MuZero]  Schrittwieser et al., arXiv 1911.08265, Appendix B.
  [Gumbel]  Danihelka et al., "Policy improvement by planning with Gumbel",
            ICLR 2022.
"""

import json
import math

import numpy as np

SMALLEST_RANGE = 1e-5


class Mt19937x64:
    """The generator of std::mt19937_64, from its definition in C++ [rand]."""

    def __init__(self, seed):
        self.words = [seed]
        for i in range(1, 312):
            last = self.words[-1]
            self.words.append(
                (6364136223846793005 * (last ^ (last >> 62)) + i) % 2**64)

    def number(self):
        high, low = self.words[0], self.words[1]
        mixed = (high & 0xFFFFFFFF80000000) | (low & 0x7FFFFFFF)
        word = self.words[156] ^ (mixed >> 1)
        if mixed & 1:
            word ^= 0xB5026F5AA96619E9
        self.words = self.words[1:] + [word]
        word ^= (word >> 29) & 0x5555555555555555
        word ^= (word << 17) & 0x71D67FFFEDA60000
        word ^= (word << 37) & 0xFFF7EEE000000000
        return word ^ (word >> 43)

    def gumbel(self):
        uniform = ((self.number() >> 12) + 0.5) / 2.0**52
        return -math.log(-math.log(uniform))


class Node:
    def __init__(self, mdp, state, reward, depth):
        self.state = state
        self.reward = reward
        self.depth = depth
        self.logits = np.array(mdp["logits"][state])
        odds = np.exp(self.logits)
        self.prior = odds / odds.sum()
        self.returns = [mdp["values"][state]]
        self.children = {}

    def visits(self):
        return np.array([
            len(self.children[a].returns) if a in self.children else 0
            for a in range(len(self.logits))
        ])


class Search:
    def __init__(self, mdp, config):
        self.mdp = mdp
        self.config = config
        self.root = Node(mdp, mdp["first_state"], 0.0, 0)
        self.seen = [self.root.returns[0]]
        self.nodes = [(self.root, None, None)]

    def q(self, node, action):
        child = node.children[action]
        return child.reward + self.config["discount"] * np.mean(child.returns)

    def normalized(self, value):
        least, most = min(self.seen), max(self.seen)
        return (value - least) / max(most - least, SMALLEST_RANGE)

    def run(self):
        for _ in range(self.config["num_simulations"]):
            self.descend(self.root)
        return self

    def descend(self, node):
        """One simulation from `node` on; returns what it found there."""
        action = self.select(node)
        if action in node.children:
            child = node.children[action]
            found = self.descend(child)
        else:
            child = Node(self.mdp, self.mdp["next_states"][node.state][action],
                         self.mdp["rewards"][node.state][action],
                         node.depth + 1)
            node.children[action] = child
            self.nodes.append((child, node, action))
            found = child.returns[0]
            self.seen.append(found)
        # The leaf's own value is its first return already.
        found = child.reward + self.config["discount"] * found
        node.returns.append(found)
        self.seen.append(self.q(node, action))
        return found


class GumbelSearch(Search):
    def __init__(self, mdp, config):
        super().__init__(mdp, config)
        generator = Mt19937x64(config["seed"])
        noise = np.zeros(len(self.root.logits))
        if config["gumbel_scale"]:
            noise = np.array([generator.gumbel() for _ in noise])
        self.noise = config["gumbel_scale"] * noise
        self.places = self.places_of_rounds()
        self.pool = list(range(len(noise)))  # May still be tried this round.
        self.tried = []  # Were tried this round.
        self.places_left = next(self.places)

    def places_of_rounds(self):
        """Sequential Halving [Gumbel, Fig. 1]: how many are tried, by round."""
        n = self.config["num_simulations"]
        m = min(self.config["max_num_considered_actions"],
                len(self.root.logits))
        phases = math.ceil(math.log2(m)) if m > 1 else 1
        remaining = m
        while True:
            for _ in range(max(1, n // (phases * remaining))):
                yield remaining
            remaining = max(min(m, 2), remaining // 2)

    def sigma_of_completed_q(self, node):
        visits = node.visits()
        visited = np.flatnonzero(visits)
        # v_mix [Gumbel, App. D].
        v_mix = node.returns[0]
        if len(visited):
            weights = node.prior[visited] / node.prior[visited].sum()
            average = weights @ [self.q(node, a) for a in visited]
            v_mix = (v_mix + visits.sum() * average) / (1 + visits.sum())
        completed = [
            self.q(node, a) if visits[a] else v_mix
            for a in range(len(visits))
        ]
        # [Gumbel, Eq. 8].
        scale = (self.config["c_visit"] + visits.max()) * self.config["c_scale"]
        return np.array([scale * self.normalized(q) for q in completed])

    def improved_policy(self, node):
        logits = node.logits + self.sigma_of_completed_q(node)
        odds = np.exp(logits - logits.max())
        return odds / odds.sum()

    def root_scores(self):
        return (self.noise + self.root.logits +
                self.sigma_of_completed_q(self.root))

    def select(self, node):
        if node is not self.root:
            visits = node.visits()  # [Gumbel, Eq. 14]
            return int(
                np.argmax(
                    self.improved_policy(node) - visits / (1 + visits.sum())))
        if self.places_left == 0:
            self.pool, self.tried = self.tried, []
            self.places_left = next(self.places)
        scores = self.root_scores()
        best = max(sorted(self.pool), key=lambda a: scores[a])
        self.pool.remove(best)
        self.tried.append(best)
        self.places_left -= 1
        return best

    def action(self):
        visits = self.root.visits()
        scores = self.root_scores()
        finalists = np.flatnonzero(visits == visits.max())
        return int(max(finalists, key=lambda a: scores[a]))

    def policy(self):
        return self.improved_policy(self.root)


class PuctSearch(Search):
    def select(self, node):
        visits = node.visits()
        n = len(node.returns)
        base = self.config["pb_c_base"]
        c = self.config["pb_c_init"] + math.log((1 + n + base) / base)
        scores = [
            (self.normalized(self.q(node, a)) if visits[a] else 0) +
            c * node.prior[a] * math.sqrt(n) / (1 + visits[a])
            for a in range(len(visits))
        ]  # [MuZero, Eq. 2]
        return int(np.argmax(scores))

    def policy(self):
        visits = self.root.visits()
        return visits / visits.sum() if visits.sum() else self.root.prior

    def action(self):
        """Of temperature 0."""
        policy = self.policy()
        q = [
            self.q(self.root, a) if a in self.root.children else 0
            for a in range(len(policy))
        ]
        return max(range(len(policy)), key=lambda a: (policy[a], q[a], -a))


def random_mdp(seed, num_states, num_actions, with_rewards):
    """Tables of numbers that a float holds exactly."""
    rng = np.random.default_rng(seed)

    def table(shape, scale):
        return (np.round(rng.normal(size=shape) * scale * 64) / 64).tolist()

    shape = (num_states, num_actions)
    rewards = table(shape, 0.5)
    return {
        "first_state": 0,
        "logits": table(shape, 1.0),
        "values": table(num_states, 0.5),
        "rewards": rewards if with_rewards else np.zeros(shape).tolist(),
        "next_states": rng.integers(num_states, size=shape).tolist(),
    }


DEFAULTS = {
    "seed": 1,
    "discount": 1.0,
    "max_num_considered_actions": 16,
    "gumbel_scale": 1.0,
    "c_visit": 50.0,
    "c_scale": 0.1,
    "pb_c_init": 1.25,
    "pb_c_base": 19652.0,
}

# (name, algorithm, MDP, what differs from DEFAULTS)
CASES = [
    ("GumbelWithRewards", "gumbel", (1, 6, 4, True),
     {"num_simulations": 16, "discount": 0.875}),
    ("GumbelWithoutRewards", "gumbel", (2, 6, 5, False),
     {"num_simulations": 24, "seed": 7}),
    ("GumbelGreedy", "gumbel", (3, 8, 4, False),
     {"num_simulations": 12, "gumbel_scale": 0.0}),
    ("GumbelConsidersFew", "gumbel", (4, 8, 7, True),
     {"num_simulations": 20, "max_num_considered_actions": 3, "seed": 9}),
    ("GumbelOfLargeScale", "gumbel", (5, 8, 4, True),
     {"num_simulations": 24, "c_scale": 1.0, "discount": 0.75}),
    ("GumbelWithFewerSimulationsThanActions", "gumbel", (6, 4, 9, False),
     {"num_simulations": 5, "seed": 3}),
    ("GumbelWithoutSimulations", "gumbel", (7, 4, 6, True),
     {"num_simulations": 0, "seed": 4}),
    ("GumbelWithOneAction", "gumbel", (8, 3, 1, True), {"num_simulations": 4}),
    ("PuctWithRewards", "puct", (9, 6, 4, True),
     {"num_simulations": 24, "discount": 0.875}),
    ("PuctWithoutRewards", "puct", (10, 6, 5, False), {"num_simulations": 24}),
    ("PuctWithOtherConstants", "puct", (11, 8, 3, True),
     {"num_simulations": 24, "pb_c_init": 0.5, "pb_c_base": 20.0}),
    ("PuctWithFewSimulations", "puct", (12, 4, 9, False),
     {"num_simulations": 4}),
    ("PuctWithoutSimulations", "puct", (13, 4, 6, True),
     {"num_simulations": 0}),
]


def rounded(values):
    return [round(float(v), 7) for v in values]


def golden(name, algorithm, mdp_arguments, changes):
    mdp = random_mdp(*mdp_arguments)
    config = {**DEFAULTS, **changes, "algorithm": algorithm}
    kind = {"gumbel": GumbelSearch, "puct": PuctSearch}[algorithm]
    search = kind(mdp, config).run()
    index = {id(node): i for i, (node, _, _) in enumerate(search.nodes)}
    return {
        "name": name,
        "config": config,
        "mdp": mdp,
        "nodes": [{
            "parent": -1 if parent is None else index[id(parent)],
            "action": -1 if action is None else action,
            "state": node.state,
            "depth": node.depth,
            "visits": len(node.returns),
            "value": round(float(np.mean(node.returns)), 7),
        } for node, parent, action in search.nodes],
        "root_q": {
            str(a): round(float(search.q(search.root, a)), 7)
            for a in sorted(search.root.children)
        },
        "action": search.action(),
        "search_policy": rounded(search.policy()),
        "root_value": round(float(np.mean(search.root.returns)), 7),
        "min_value": round(min(search.seen), 7),
        "max_value": round(max(search.seen), 7),
    }


if __name__ == "__main__":
    cases = [json.dumps(golden(*case)) for case in CASES]
    print("[\n" + ",\n".join(cases) + "\n]")
