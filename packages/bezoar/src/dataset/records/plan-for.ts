import type { DetectorContext } from "../detector.ts";
import type { Corpus } from "../engine/corpus.ts";
import { recordFields } from "../entities/record-fields.ts";
import type { Field, Row } from "../row.ts";
import { findLabelTask, labelFromResponse, type LabelTask } from "../shape/label-task.ts";
import { planRecords, type Plan } from "./plan.ts";
import { fieldsInSlots, findTextSlots, type TextSlots } from "./text-slots.ts";

/** How the corpus is read as labelled records; plain data, so that it can be sent to workers. */
export type RecordTask = {
  readonly plan: Plan;
  /** How answers name a class, when the label is the answer of instruction data. */
  readonly answers: LabelTask | undefined;
  /** Where fields stand in the rows' texts that no syntax tells. */
  readonly slots: TextSlots | undefined;
};

/** The path under which a row's own text stands among its fields; no field of a record has an empty name. */
const TEXT_PATH = "";

/** Rows that the plan is made from: quantiles and roles of fields do not change beyond. */
const SAMPLED_ROWS = 5000;
/** Blocks that the sample is drawn from, evenly, so that a large file is not read twice. */
const SAMPLED_BLOCKS = 32;
/** Share of rows with fields below which a text is not a record. */
const MIN_FIELD_SHARE = 0.5;

/** The fields of a row, those of its text included, with the text as one more. */
export function fieldsAndText(row: Row, slots: TextSlots | undefined): readonly Field[] {
  const fields = recordFields(row);
  if (row.prompt === "") return fields;
  const inSlots = slots === undefined ? [] : fieldsInSlots(slots, row.prompt);
  return [...fields, ...inSlots, [TEXT_PATH, row.prompt]];
}

function sampleRows(corpus: Corpus): { readonly rows: Row[]; readonly labels: number[] } {
  const step = Math.max(1, Math.ceil(corpus.blockCount / SAMPLED_BLOCKS));
  const perBlock = Math.ceil(SAMPLED_ROWS / Math.ceil(corpus.blockCount / step));
  const rows: Row[] = [];
  const labels: number[] = [];
  for (let index = 0; index < corpus.blockCount; index += step) {
    const block = corpus.block(index);
    const stride = Math.max(1, Math.ceil(block.size / perBlock));
    for (let i = 0; i < block.size; i += stride) {
      rows.push(block.row(i));
      labels.push(corpus.labels[block.first + i] ?? -1);
    }
  }
  return { rows, labels };
}

/** The same as `planLabels`, but undefined when there is nobody to be targeted. */
export function planFor(corpus: Corpus, context: DetectorContext): RecordTask | undefined {
  const task = planLabels(corpus, context);
  return task?.plan.columns.length === 0 ? undefined : task;
}

/** Decides whether and how a corpus can be read as labelled records; undefined when it cannot. */
export function planLabels(corpus: Corpus, context: DetectorContext): RecordTask | undefined {
  const { rows, labels } = sampleRows(corpus);
  const texts = rows.map((row) => ({ text: row.prompt, fields: recordFields(row) }));
  const withFields = texts.filter(({ fields }) => fields.length > 0).length;
  if (withFields < MIN_FIELD_SHARE * rows.length) return undefined;
  const isAnswered = corpus.shape === "instruction";
  const answers = isAnswered ? findLabelTask(rows.map((row) => row.response)) : undefined;
  const slots = findTextSlots(texts);
  const sample = rows.map((row, i) => ({
    fields: fieldsAndText(row, slots),
    label: answers === undefined ? (labels[i] ?? -1) : classIndex(answers, row.response),
  }));
  const labelled = sample.filter((row) => row.label >= 0);
  if (new Set(labelled.map((row) => row.label)).size < 2) return undefined;
  const plan = planRecords(labelled, {
    seed: context.seed,
    size: corpus.size,
    entityFields: context.entityFields,
  });
  return { plan, answers, slots };
}

/** Index of the class that an answer names, -1 for none. */
export function classIndex(answers: LabelTask, response: string): number {
  const label = labelFromResponse(answers, response);
  return label === undefined ? -1 : answers.classes.indexOf(label);
}
