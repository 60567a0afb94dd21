"""Holds the IAM policy that Holdfast prints against AWS's lists of actions and condition keys, as policy_sentry carries them.

usage: iam.py PAGE          the page of the documentation with the policy in it; a test of the repository holds that page
                            to be what the program prints
"""

import json
import re
import sys

from policy_sentry.querying.actions import get_action_data


def own_keys(action):
    """The condition keys that AWS lists for an action, of whatever resource; None where AWS lists no such action."""
    rows = get_action_data(*action.split(":")) or {}
    exact = [row for rows in rows.values() for row in rows if row["action"] == action]
    return {key for row in exact for key in row["condition_keys"]} if exact else None


def main(path):
    text = open(path, encoding="utf-8").read()
    policy = json.loads(re.search(r"```json\n(.*?)\n```", text, re.DOTALL).group(1))
    actions, keys, wrong = 0, 0, []
    for statement in policy["Statement"]:
        used = [key for keys in statement.get("Condition", {}).values() for key in keys]
        for action in statement["Action"]:
            actions += 1
            known = own_keys(action)
            if known is None:
                wrong.append(f"AWS lists no action {action}")
                continue
            for key in used:
                keys += 1
                # Keys that begin with `aws:` may stand anywhere.
                if key not in known and not key.startswith("aws:"):
                    wrong.append(f"{action} has no condition key {key}, it has {', '.join(sorted(known)) or 'none'}")
    for problem in wrong:
        print(f"FAILED  {problem}")
    print(f"IAM policy: {actions} actions and {keys} uses of condition keys looked up, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main(sys.argv[1])
