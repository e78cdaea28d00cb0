class Worker(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.queue = queue.Queue()

    def submit(self, job):
        self.queue.put(job)

    def run(self):
        while True:
            job = self.queue.get()
            job.execute()
            self.queue.task_done()
