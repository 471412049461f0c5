# A handler as tutorials on Kinesis print it, to the letter: what learners bring along has to run as it is.
import json
import base64

def lambda_handler(event, context):
    # Initialize an empty list to store processed records
    records = []
    
    # Loop over each record in the incoming event
    for record in event["Records"]:
        # Decode the base64 encoded data from Kinesis record and then decode from bytes to string
        data = base64.b64decode(record["kinesis"]["data"]).decode()
        # Convert the JSON formatted string into a Python dictionary and append to list
        records.append(json.loads(data))
        
    # Prepare the output dictionary with the count of records and the actual data
    output = {
        "count": str(len(records)),  # Convert number of records to string for consistent data type
        "data": records  # List of processed records
    }
    
    # Convert the output dictionary to a JSON formatted string and print it
    print(json.dumps(output))
