async def delete_objects(bucket, keys):
    await s3.delete_objects(
        Bucket=bucket,
        Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True},
    )
    await database.execute(
        "DELETE FROM files WHERE key = ANY(:keys)", {"keys": keys}
    )
