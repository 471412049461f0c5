# A handler as tutorials on Kinesis print it, to the letter: what learners bring along has to run as it is.
import json
import boto3
import uuid
import random
import time

def lambda_handler(event, context):
    # Create a Kinesis client object using the boto3 library
    client = boto3.client('kinesis')
    
    # Continuous loop to send data indefinitely
    while True:
        # Generate data for a new record
        data = {
            "id": str(uuid.uuid4()),  # Generate a unique identifier
            "latitude": random.uniform(-90, 90),  # Generate a random latitude
            "longitude": random.uniform(0, 180)  # Generate a random longitude
        }
    
        # Send the generated data to the specified Kinesis stream
        response = client.put_record(
            StreamName="TelemetricStream",  # Name of the Kinesis data stream
            PartitionKey="geolocation",  # Partition key to determine the shard
            Data=json.dumps(data)  # Data payload as a JSON string
        )
    
        # Print the response from the Kinesis put_record call
        print(response)
        
        # Pause the loop for a random amount of time (up to 1 second)
        time.sleep(random.random())  # Introduces variability in the request rate
