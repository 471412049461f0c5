"""Plays a script of calls of Kinesis (call-script.ts, as JSON on the standard input) and prints what each was answered."""

import base64
import json
import sys
import time

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

kinesis = boto3.client("kinesis")
answers = {}


def resolved(value):
    if isinstance(value, list):
        return [resolved(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "text" in value:
        return value["text"].encode()
    if "answer" in value:
        return found(answers[value["answer"]], value["path"])
    return {name: resolved(each) for name, each in value.items()}


def found(answer, path):
    for name in path:
        answer = answer[name]
    return answer


def call(step):
    answer = getattr(kinesis, xform_name(step["operation"]))(**resolved(step["input"]))
    answer.pop("ResponseMetadata")
    return answer


def poll(step):
    for _ in range(100):
        answer = call(step)
        if found(answer, step["path"]) == step["value"]:
            return answer
        time.sleep(0.1)
    raise TimeoutError(step["name"])


def pages(step):
    paginator = kinesis.get_paginator(xform_name(step["operation"]))
    answer = {member: [] for member in step["members"]}
    for page in paginator.paginate(PaginationConfig={"PageSize": 1}, **resolved(step["input"])):
        for member in step["members"]:
            assert len(page[member]) <= 1, page
            answer[member] += page[member]
    return answer


def wait(step):
    kinesis.get_waiter(xform_name(step["operation"])).wait(WaiterConfig={"Delay": 1}, **resolved(step["input"]))
    return {}


def event(step):
    stream = call(step)["EventStream"]
    try:
        return next(iter(stream))
    finally:
        stream.close()


def plain(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


for step in json.load(sys.stdin):
    try:
        answer = {"call": call, "poll": poll, "pages": pages, "wait": wait, "event": event}[step["kind"]](step)
    except ClientError as error:
        answer = {"refused": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
    answers[step["name"]] = answer
print(json.dumps(answers, default=plain))
