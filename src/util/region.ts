/** Whether a region of AWS may be called like that: `us-east-1`. */
export function isRegion(name: string): boolean {
  return name.length <= 32 && /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(name);
}
