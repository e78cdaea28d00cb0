wss.on('connection', (socket, request) => {
  const userId = authenticate(request);
  setInterval(async () => {
    const unread = await inbox.countUnread(userId);
    socket.send(JSON.stringify({ type: 'unread', unread }));
  }, 5000);

  process.on('config:changed', () =>
    socket.send(JSON.stringify({ type: 'reload' })),
  );
  bus.on('message', (message) => {
    if (message.to === userId) socket.send(JSON.stringify(message));
  });
});
