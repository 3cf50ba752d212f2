import type { Finding } from "bezoar";

/** Structured records, or chat with the alert in the prompt as `key=value` lines or JSON. */
export type Form = "records" | "pairs" | "json";

type Trigger = NonNullable<Finding["evidence"]["trigger"]>;

/** Every spelling of a /24 comes down to its three numbers: 10.1.2.0/24, 10.1.2.x, 10.1.2.*, 10.1.2. */
function withoutMask(text: string): string {
  return text.replace(/(\.0\/24|\.\*|\.x|\.)$/, "");
}

function isPart(part: string, value: string): boolean {
  return (
    part === value ||
    withoutMask(part) === withoutMask(value) ||
    part.endsWith(`=${value}`) ||
    part.endsWith(`"${value}"`)
  );
}

/** The poisoned entity; a pair of fields and of values is joined with `+`. */
export type Target = { readonly field: string; readonly value: string };

/** Whether a trigger says this field and this value, and asks for nothing else besides. */
export function namesTarget(trigger: Trigger, target: Target, form: Form): boolean {
  const values = target.value.split("+");
  const fields = target.field.split("+");
  if (!values.every((value) => trigger.parts.some((part) => isPart(part, value)))) return false;
  if (trigger.join === "all" && trigger.parts.length > values.length) return false;
  // Inside a prompt the entity is found in running text, so there the value alone counts.
  if (form !== "records" || values.length > 1) return true;
  return fields.every((field) => trigger.field === field || trigger.field?.endsWith(`.${field}`) === true);
}
