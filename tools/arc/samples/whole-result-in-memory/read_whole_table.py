def load_warehouse_table(engine):
    frame = pd.read_sql("SELECT * FROM events", engine)
    frame["day"] = frame["created_at"].dt.date
    return frame.groupby("day").size().to_dict()
