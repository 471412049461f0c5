import json
import os
import random
import time
import uuid

import boto3


def handler(event, context):
    """Sends made-up positions and never comes to an end. Lambda has to put an end to it."""
    client = boto3.client("kinesis")
    while True:
        position = {
            "id": str(uuid.uuid4()),
            "latitude": random.uniform(-90, 90),
            "longitude": random.uniform(-180, 180),
        }
        answer = client.put_record(
            StreamName=os.environ["STREAM_NAME"],
            PartitionKey="geolocation",
            Data=json.dumps(position),
        )
        print(f"put {position['id']} into {answer['ShardId']}")
        time.sleep(random.random())
