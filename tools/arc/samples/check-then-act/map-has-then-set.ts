export async function getOrCreateRoom(name: string): Promise<Room> {
  const room = await Room.findOne({ where: { name } });
  if (!room) {
    return await Room.create({ name });
  }
  return room;
}
