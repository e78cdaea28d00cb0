export function getProfile(userId: string, retries = 5): Promise<Profile> {
  return client
    .get(`/profiles/${userId}`, { timeout: 2000 })
    .then((response) => response.data)
    .catch((error) => {
      if (retries > 0) {
        return getProfile(userId, retries - 1);
      }
      throw error;
    });
}
