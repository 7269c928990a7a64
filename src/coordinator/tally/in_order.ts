/**
 * Makes `count` things, at most `width` at a time and in this order, and uses each in order as soon as it and all before it are there.
 * After a failure of either nothing new is begun; what is being made is waited for, so that its maker can store it.
 * @throws the first failure
 */
export async function inOrder<T>(
  count: number,
  width: number,
  make: (index: number) => Promise<T>,
  use: (index: number, made: T) => Promise<void>,
): Promise<void> {
  const slots = Array.from({ length: count }, () => Promise.withResolvers<T>());
  for (const { promise } of slots) promise.catch(() => undefined); // met below, if it comes to that
  let next = 0;
  let stopped = false;
  const maker = async () => {
    while (!stopped && next < count) {
      const index = next++;
      try {
        slots[index]?.resolve(await make(index));
      } catch (error) {
        stopped = true;
        slots[index]?.reject(error);
      }
    }
  };
  const makers = Promise.all(Array.from({ length: Math.min(width, count) }, maker));
  try {
    for (const [index, { promise }] of slots.entries()) await use(index, await promise);
  } finally {
    stopped = true;
    await makers;
  }
}
