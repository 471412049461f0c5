import base64
import json


def handler(event, context):
    """Prints how many records a batch has, and what they hold. A record that is no JSON is reported, and does not stop the others."""
    data = []
    for record in event["Records"]:
        text = base64.b64decode(record["kinesis"]["data"]).decode()
        try:
            data.append(json.loads(text))
        except ValueError:
            print(f"record {record['kinesis']['sequenceNumber']} is no JSON and is left out")
    print(json.dumps({"count": str(len(data)), "data": data}))
