import json
import os
import random
import time
import uuid

import boto3

client = boto3.client("kinesis")

# What is kept back to end in good order before Lambda ends the function, in milliseconds.
RESERVE = 1000


def handler(event, context):
    """Sends the positions of some devices: as many as the event asks for, or as many as the time allows."""
    devices = [str(uuid.uuid4()) for _ in range(event.get("devices", 3))]
    sent = 0
    while sent < event.get("records", 10) and context.get_remaining_time_in_millis() > RESERVE:
        device = devices[sent % len(devices)]
        position = {
            "id": device,
            "run": event.get("run"),
            "latitude": random.uniform(-90, 90),
            "longitude": random.uniform(-180, 180),
        }
        # A record is bytes, and whoever puts records side by side has to see where one ends: hence the line feed.
        client.put_record(StreamName=os.environ["STREAM_NAME"], PartitionKey=device, Data=json.dumps(position) + "\n")
        sent += 1
        time.sleep(random.random() * event.get("pause", 100) / 1000)
    print(f"run {event.get('run')}: sent {sent} records of {len(devices)} devices")
    return {"sent": sent, "devices": len(devices)}
