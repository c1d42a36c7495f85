/** The error that keeps a follower from reaching outside. */

/** What a call gets that only this follower makes: it looks like a permission problem of the host. */
export function refusal(api: string, target: string): Error {
  const error = new Error(`EACCES: permission denied, ${api} '${target}'`);
  return Object.assign(error, { errno: -13, code: 'EACCES', syscall: api, path: target });
}
