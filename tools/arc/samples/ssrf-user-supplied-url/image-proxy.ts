app.get('/image-proxy', async (req, res) => {
  const image = await axios.get(String(req.query.src), {
    responseType: 'arraybuffer',
    timeout: 5000,
  });
  res.setHeader('content-type', image.headers['content-type']);
  res.send(image.data);
});
