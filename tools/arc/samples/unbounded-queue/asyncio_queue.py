class Dispatcher:
    def __init__(self, sink):
        self.queue = asyncio.Queue()
        self.sink = sink

    def submit(self, message):
        self.queue.put_nowait(message)

    async def run(self):
        while True:
            message = await self.queue.get()
            await self.sink.send(message)
            self.queue.task_done()
