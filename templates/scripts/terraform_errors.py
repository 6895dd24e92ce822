"""Reads what Terraform said when it failed, and prints one clear sentence for the causes that are common."""

import re
import sys

CAUSES = [
    (r"error acquiring the state lock",
     "Somebody else is changing this environment, or a run was cut off while it did. Wait, or see who it is: "
     "bash scripts/infrastructure.sh #ENVIRONMENT# unlock"),
    (r"decryption failed|stored using a form of server side encryption"
     r"|(HeadObject|GetObject)[^.]{0,80}StatusCode: 40[03]",
     "The state does not open with this STATE_KEY: set the one that it was encrypted with. Only if that one is not "
     "lacking, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY may not read the bucket."),
    (r"no such ?bucket|bucket .* does not exist",
     "The bucket of the state does not exist. Run: bash scripts/infrastructure.sh #ENVIRONMENT# bootstrap"),
    (r"InvalidAccessKeyId|SignatureDoesNotMatch|StatusCode: 403|AccessDenied",
     "The storage of the state refuses the key: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
     "(terraform/*/credentials.txt says where they are made)."),
    (r"missing .{0,20}token|token is (missing|empty)|entered token is invalid|authentication information"
     r"|(key|token) (cannot be empty|is required)",
     "A token of the cloud is missing or malformed: set what terraform/*/credentials.txt names."),
    (r"unable to authenticate|\bunauthorized\b|denied authentication|invalid authentication",
     "The cloud does not know this token: it was deleted, has expired or belongs to another project. Make a new one "
     "(terraform/*/credentials.txt says where)."),
    (r"only allowed to read|insufficient permissions|permissions_denied|\(forbidden\)",
     "This token may only read: to change something, use the one that may write (terraform/*/credentials.txt)."),
    (r"resource_unavailable|out of stock|sold out|no valid host",
     "The cloud has no server of this type left: set another server_type in "
     "terraform/environments/#ENVIRONMENT#.tfvars.json; the message below names some."),
    (r"region must be one of|invalid (location|zone|region)|location.*(not found|does not exist)",
     "The region is none of this cloud: change region in terraform/environments/#ENVIRONMENT#.tfvars.json."),
    (r"your query returned no results",
     "The region has no server type or image of this name: change server_type in "
     "terraform/environments/#ENVIRONMENT#.tfvars.json; the message below says which question had no answer."),
    (r"resource_limit_exceeded|quota(s)? exceeded|limit reached",
     "The limit of your account is reached: ask the cloud to raise it, in its console."),
    (r"unsupported (terraform core|opentofu core) version",
     "#TOOL# is too old for these files: install a newer one."),
    (r"could not connect to|could not be reached|no such host|connection refused|timeout while",
     "Something could not be reached: see below what it was, and try again."),
]  # fmt: skip


def sentence(said, tool, environment):
    """The sentence for the first cause that fits, or None."""
    # Terraform breaks sentences into lines and frames them.
    text = " ".join(re.sub(r"[│╷╵]", " ", said).split())
    for pattern, words in CAUSES:
        if re.search(pattern, text, re.IGNORECASE):
            return words.replace("#TOOL#", tool).replace("#ENVIRONMENT#", environment)
    return None


told = sentence(sys.stdin.read(), *sys.argv[1:3])
if told:
    print(told)
