// A small network learns from a large one: Keras's "Knowledge Distillation", by hand.
import {
  Input,
  layers,
  losses,
  Model,
  metrics,
  ops,
  optimizers,
  Sequential,
  type Tensor,
  utils,
} from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

const makeTeacher = (): Sequential =>
  new Sequential(
    [
      Input([size, size, 1]),
      new layers.Conv2D(32, 3, { activation: "relu" }),
      new layers.MaxPooling2D(),
      new layers.Conv2D(32, 3, { activation: "relu" }),
      new layers.Flatten(),
      new layers.Dense(10),
    ],
    { name: "teacher" },
  );
const makeStudent = (name: string): Sequential =>
  new Sequential(
    [
      Input([size, size, 1]),
      new layers.Flatten(),
      new layers.Dense(24, { activation: "relu" }),
      new layers.Dense(10),
    ],
    { name },
  );

/** A student that is drawn to its teacher's probabilities as much as to the labels. */
class Distiller extends Model {
  readonly student: Sequential;
  readonly teacher: Sequential;
  readonly alpha = 0.1;
  readonly temperature = 3;
  readonly studentLoss = new losses.SparseCategoricalCrossentropy({ fromLogits: true });
  readonly distillationLoss = new losses.KLDivergence();

  constructor(student: Sequential, teacher: Sequential) {
    super();
    this.student = student;
    this.teacher = teacher;
    this.teacher.trainable = false;
  }

  override call(x: Tensor): Tensor {
    return this.student(x);
  }

  override computeLoss(x: Tensor, y: Tensor, yPred: Tensor): Tensor {
    const soften = (logits: Tensor): Tensor => ops.softmax(logits.divide(this.temperature), { axis: 1 });
    const teacher = soften(this.teacher(x, { training: false }));
    const distillation = this.distillationLoss(teacher, soften(yPred)).multiply(this.temperature ** 2);
    return this.studentLoss(y, yPred)
      .multiply(this.alpha)
      .add(distillation.multiply(1 - this.alpha));
  }
}

const train = drawDigits(1024);
const few = { x: train.x.slice(0, 256), y: train.y.slice(0, 256) };
const test = drawDigits(512);
const loss = new losses.SparseCategoricalCrossentropy({ fromLogits: true });
const accuracy = () => [new metrics.SparseCategoricalAccuracy({ name: "accuracy" })];
const adam = () => new optimizers.Adam({ learningRate: 0.003 });

const teacher = makeTeacher();
teacher.compile({ optimizer: adam(), loss, metrics: accuracy() });
await teacher.fit(train.x, train.y, { epochs: 8, verbose: 0 });
const [, best] = await teacher.evaluate(test.x, test.y, { verbose: 0 });

// The student has fewer labels, and the teacher's word on all pictures.
const alone = makeStudent("alone");
alone.compile({ optimizer: adam(), loss, metrics: accuracy() });
await alone.fit(few.x, few.y, { epochs: 60, verbose: 0 });
const [, without] = await alone.evaluate(test.x, test.y, { verbose: 0 });

const distiller = new Distiller(makeStudent("student"), teacher);
distiller.compile({ optimizer: adam(), metrics: accuracy() });
await distiller.fit(train.x, train.y, { epochs: 15, verbose: 0 });
const [, distilled] = await distiller.evaluate(test.x, test.y, { verbose: 0 });
console.log(`teacher ${best!.toFixed(3)}, student alone ${without!.toFixed(3)}`);
console.log(`Accuracy of the distilled student: ${distilled!.toFixed(3)}`);
