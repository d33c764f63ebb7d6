//! PostScript calculator functions (ISO 32000-1 §7.10.5): evaluates them, and replaces their colours with inks.
//!
//! Typst writes such functions for conic gradients and for repeated gradients of SVG: code that computes the position in the
//! gradient, then a chain of `ifelse`, each with the interpolation between two stops. Only the interpolations are replaced.

use super::function::GradientPiece;
use super::token::{number, write_number};

/// A program.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Program(Vec<Op>);

#[derive(Clone, Debug, PartialEq)]
enum Op {
    Number(f32),
    Word(Vec<u8>),
    Block(Vec<Self>),
}

/// Maximum depth of nested blocks.
const MAX_DEPTH: usize = 300;
/// Maximum number of operations of a run.
const MAX_STEPS: usize = 100_000;
/// Maximum number of values on the stack.
const MAX_STACK: usize = 200;

impl Program {
    pub(super) fn parse(code: &[u8]) -> Option<Self> {
        let mut blocks: Vec<Vec<Op>> = vec![Vec::new()];
        let mut at = 0;
        while let Some(byte) = code.get(at) {
            let rest = code.get(at..)?;
            let delimiter = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | b'{' | b'}' | b'%');
            match byte {
                b'{' if blocks.len() > MAX_DEPTH => return None,
                b'{' => blocks.push(Vec::new()),
                b'}' => {
                    let block = blocks.pop()?;
                    blocks.last_mut()?.push(Op::Block(block));
                }
                b'%' => at += rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len()),
                byte if delimiter(byte) => {}
                _ => {
                    let length = rest.iter().position(delimiter).unwrap_or(rest.len());
                    let word = rest.get(..length)?;
                    let numeric = word.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+'));
                    blocks.last_mut()?.push(if numeric { Op::Number(number(word)) } else { Op::Word(word.to_vec()) });
                    at += length;
                    continue;
                }
            }
            at += 1;
        }
        match (blocks.pop()?.as_mut_slice(), blocks.is_empty()) {
            ([Op::Block(block)], true) => Some(Self(std::mem::take(block))),
            _ => None,
        }
    }

    /// Runs the program. If an operation fails, stops and returns the stack.
    pub(super) fn run(&self, input: &[f32]) -> Vec<f32> {
        let mut stack = input.to_vec();
        let mut steps = 0;
        let _ = run(&self.0, &mut stack, &mut steps);
        stack
    }

    /// Replaces the colours, which have `inputs` components. For each piece of the gradient, `convert` returns two or more
    /// colours at equal distances. Returns `None` if the program does not have the form that Typst writes.
    pub(super) fn recolour(&self, inputs: usize, convert: &mut Convert<'_>) -> Option<Self> {
        let mut recolouring = Recolouring { inputs, convert, reached: None };
        let code = recolouring.code(&self.0);
        recolouring.reached.is_some().then_some(Self(code))
    }

    /// Returns the pieces of the gradient, in the order in which `recolour` replaces them.
    pub(super) fn pieces(&self, inputs: usize) -> Option<Vec<GradientPiece>> {
        let mut pieces = Vec::new();
        self.recolour(inputs, &mut |piece| {
            pieces.push(piece.clone());
            vec![piece.from.clone()]
        })?;
        Some(pieces)
    }

    pub(super) fn code(&self) -> Vec<u8> {
        let mut out = Vec::new();
        write(&self.0, &mut out);
        out
    }
}

/// Returns colours from the first end of a piece to the second.
pub(super) type Convert<'a> = dyn FnMut(&GradientPiece) -> Vec<Vec<f32>> + 'a;

/// Replaces interpolations, from the start of the gradient to its end.
struct Recolouring<'c, 'f> {
    inputs: usize,
    convert: &'c mut Convert<'f>,
    /// The end of the last piece.
    reached: Option<f32>,
}

impl Recolouring<'_, '_> {
    fn code(&mut self, code: &[Op]) -> Vec<Op> {
        let mut out = Vec::with_capacity(code.len());
        let mut at = 0;
        while let Some(op) = code.get(at) {
            let rest = code.get(at..).unwrap_or_default();
            if let Some((from, to, length)) = interpolation(rest, self.inputs) {
                let start = self.reached.unwrap_or(0.0);
                let range = range(code.get(..at).unwrap_or_default()).unwrap_or([start, start + 1.0]);
                out.extend(segments(&(self.convert)(&GradientPiece { range, from, to })));
                self.reached = Some(range[1]);
                at += length;
            } else if let Some(colour) = constant(rest, self.inputs).filter(|_| at == 0 || code[..at] == [word("pop")]) {
                let start = self.reached.unwrap_or(0.0);
                let piece = GradientPiece { range: [start; 2], from: colour.clone(), to: colour };
                out.extend((self.convert)(&piece).first().into_iter().flatten().map(|value| Op::Number(*value)));
                at += self.inputs;
            } else {
                out.push(match op {
                    Op::Block(block) => Op::Block(self.code(block)),
                    op => op.clone(),
                });
                at += 1;
            }
        }
        out
    }
}

/// Reads `a sub b a sub div` at the end of the code, which maps the range from `a` to `b` to the range from 0 to 1.
fn range(code: &[Op]) -> Option<[f32; 2]> {
    let [.., Op::Number(from), first, Op::Number(to), Op::Number(again), second, last] = code else { return None };
    let is_normal = is(Some(first), "sub") && is(Some(second), "sub") && is(Some(last), "div") && from == again;
    is_normal.then_some([*from, *to])
}

fn word(word: &str) -> Op {
    Op::Word(word.as_bytes().to_vec())
}

fn is(op: Option<&Op>, name: &str) -> bool {
    matches!(op, Some(Op::Word(word)) if word == name.as_bytes())
}

/// Reads `i index a exch b a sub mul add` for each component, then `n -1 roll pop`.
fn interpolation(code: &[Op], inputs: usize) -> Option<(Vec<f32>, Vec<f32>, usize)> {
    let value = |at: usize| match code.get(at) {
        Some(Op::Number(value)) => Some(*value),
        _ => None,
    };
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for component in 0..inputs {
        let at = 9 * component;
        let words = [(1, "index"), (3, "exch"), (6, "sub"), (7, "mul"), (8, "add")];
        if !words.iter().all(|(offset, name)| is(code.get(at + offset), name)) {
            return None;
        }
        from.push(value(at + 2)?);
        to.push(value(at + 4)?);
    }
    let at = 9 * inputs;
    let ends = value(at)? > 0.0 && value(at + 1)? < 0.0 && is(code.get(at + 2), "roll") && is(code.get(at + 3), "pop");
    ends.then_some((from, to, at + 4))
}

/// Reads a colour that fills the rest of a block.
fn constant(code: &[Op], inputs: usize) -> Option<Vec<f32>> {
    let values = code.iter().map(|op| match op {
        Op::Number(value) => Some(*value),
        _ => None,
    });
    (code.len() == inputs).then(|| values.collect::<Option<_>>())?
}

/// Writes the piecewise linear interpolation between colours at equal distances, for a position from 0 to 1.
fn segments(colours: &[Vec<f32>]) -> Vec<Op> {
    let pieces = colours.len().saturating_sub(1).max(1);
    let share = |at: usize| super::function::ratio(at, pieces);
    let mut code: Vec<Op> = Vec::new();
    for piece in (0..pieces).rev() {
        let first = colours.get(piece).map_or(&[][..], Vec::as_slice);
        let second = colours.get(piece + 1).map_or(first, Vec::as_slice);
        let mut line = Vec::new();
        if pieces > 1 {
            line.extend([Op::Number(share(piece)), word("sub"), Op::Number(share(pieces) / share(1)), word("mul")]);
        }
        for (at, (from, to)) in first.iter().zip(second).enumerate() {
            line.extend([Op::Number(super::function::ratio(at, 1)), word("index"), Op::Number(*from), word("exch")]);
            line.extend([Op::Number(*to), Op::Number(*from), word("sub"), word("mul"), word("add")]);
        }
        line.extend([Op::Number(super::function::ratio(first.len() + 1, 1)), Op::Number(-1.0), word("roll"), word("pop")]);
        code = if code.is_empty() {
            line
        } else {
            let test = [word("dup"), Op::Number(share(piece + 1)), word("le")];
            test.into_iter().chain([Op::Block(line), Op::Block(code), word("ifelse")]).collect()
        };
    }
    code
}

fn write(code: &[Op], out: &mut Vec<u8>) {
    out.push(b'{');
    for (at, op) in code.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        match op {
            Op::Number(value) => write_number(out, *value, 6),
            Op::Word(word) => out.extend_from_slice(word),
            Op::Block(block) => write(block, out),
        }
    }
    out.push(b'}');
}

fn run(code: &[Op], stack: &mut Vec<f32>, steps: &mut usize) -> Option<()> {
    let mut blocks: Vec<&[Op]> = Vec::new();
    for op in code {
        *steps += 1;
        if *steps > MAX_STEPS || stack.len() > MAX_STACK {
            return None;
        }
        match op {
            Op::Number(value) => stack.push(*value),
            Op::Block(block) => blocks.push(block),
            Op::Word(word) => match word.as_slice() {
                b"if" => {
                    let then = blocks.pop()?;
                    if stack.pop()? != 0.0 {
                        run(then, stack, steps)?;
                    }
                }
                b"ifelse" => {
                    let (otherwise, then) = (blocks.pop()?, blocks.pop()?);
                    run(if stack.pop()? == 0.0 { otherwise } else { then }, stack, steps)?;
                }
                word => apply(word, stack)?,
            },
        }
    }
    Some(())
}

/// Applies an operator. Booleans are 1 or 0, and integers are numbers without a fraction.
fn apply(word: &[u8], stack: &mut Vec<f32>) -> Option<()> {
    use super::function::{ratio, whole};
    match word {
        b"pop" => drop(stack.pop()?),
        b"dup" => stack.push(*stack.last()?),
        b"exch" => {
            let (top, under) = (stack.pop()?, stack.pop()?);
            stack.extend([top, under]);
        }
        b"index" => {
            let depth = whole(stack.pop()?);
            stack.push(*stack.get(stack.len().checked_sub(depth + 1)?)?);
        }
        b"copy" => {
            let count = whole(stack.pop()?);
            let start = stack.len().checked_sub(count)?;
            stack.extend_from_within(start..);
        }
        b"roll" => {
            let (by, count) = (stack.pop()?, whole(stack.pop()?));
            let start = stack.len().checked_sub(count)?;
            if count > 0 {
                stack.get_mut(start..)?.rotate_right(whole(by.rem_euclid(ratio(count, 1))));
            }
        }
        b"true" => stack.push(1.0),
        b"false" => stack.push(0.0),
        _ if is_unary(word) => {
            let x = stack.pop()?;
            stack.push(unary(word, x));
        }
        _ => {
            let (y, x) = (stack.pop()?, stack.pop()?);
            stack.push(binary(word, x, y)?);
        }
    }
    Some(())
}

fn is_unary(word: &[u8]) -> bool {
    let words: [&[u8]; 14] = [
        b"abs",
        b"neg",
        b"ceiling",
        b"floor",
        b"round",
        b"truncate",
        b"sqrt",
        b"sin",
        b"cos",
        b"ln",
        b"log",
        b"cvi",
        b"cvr",
        b"not",
    ];
    words.contains(&word)
}

fn unary(word: &[u8], x: f32) -> f32 {
    match word {
        b"abs" => x.abs(),
        b"neg" => -x,
        b"ceiling" => x.ceil(),
        b"floor" => x.floor(),
        b"round" => (x + 0.5).floor(),
        b"truncate" | b"cvi" => x.trunc(),
        b"sqrt" => x.max(0.0).sqrt(),
        b"sin" => x.to_radians().sin(),
        b"cos" => x.to_radians().cos(),
        b"ln" => x.ln(),
        b"log" => x.log10(),
        b"not" => f32::from(u8::from(x == 0.0)),
        _ => x,
    }
}

fn binary(word: &[u8], x: f32, y: f32) -> Option<f32> {
    let truth = |truth: bool| f32::from(u8::from(truth));
    Some(match word {
        b"add" => x + y,
        b"sub" => x - y,
        b"mul" => x * y,
        b"div" if y == 0.0 => 0.0,
        b"div" => x / y,
        b"idiv" if y.trunc() == 0.0 => 0.0,
        b"idiv" => (x.trunc() / y.trunc()).trunc(),
        b"mod" if y == 0.0 => 0.0,
        b"mod" => x % y,
        b"exp" => x.powf(y),
        b"atan" => x.atan2(y).to_degrees().rem_euclid(360.0),
        b"eq" => truth(x == y),
        b"ne" => truth(x != y),
        b"gt" => truth(x > y),
        b"ge" => truth(x >= y),
        b"lt" => truth(x < y),
        b"le" => truth(x <= y),
        b"and" => truth(x != 0.0 && y != 0.0),
        b"or" => truth(x != 0.0 || y != 0.0),
        b"xor" => truth((x != 0.0) != (y != 0.0)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two pieces of a gradient in two components, as Typst writes it.
    const CODE: &[u8] =
        b"{pop dup 0.5 le {0 sub 0.5 0 sub div 0 index 1 exch 0 1 sub mul add 1 index 0 exch 1 0 sub mul add 3 -1 roll \
        pop} {1 0.5} ifelse}";

    #[test]
    fn runs_programs() {
        let program = Program::parse(CODE).unwrap();
        assert_eq!(program.run(&[0.25, 9.0])[..], [0.5, 0.5]);
        assert_eq!(Program::parse(b"{2 copy add 3 1 roll}").unwrap().run(&[1.0, 2.0]), [3.0, 1.0, 2.0]);
        assert_eq!(Program::parse(b"{atan 2 mod}").unwrap().run(&[1.0, 1.0]), [1.0]);
    }

    #[test]
    fn colours_are_replaced_and_the_rest_is_kept() {
        let program = Program::parse(CODE).unwrap();
        let mut convert = |piece: &GradientPiece| {
            let colour = |share: f32| {
                let value = |at: usize| piece.from[at] + share * (piece.to[at] - piece.from[at]);
                vec![value(0), value(1), value(0) * value(0)]
            };
            [0.0, 0.25, 0.5, 0.75, 1.0].map(colour).to_vec()
        };
        let recoloured = program.recolour(2, &mut convert).unwrap();
        let pieces = program.pieces(2).unwrap();
        assert_eq!(pieces.iter().map(|piece| piece.range).collect::<Vec<_>>(), [[0.0, 0.5], [0.5, 0.5]]);
        assert_eq!(recoloured.run(&[0.25, 9.0]), [0.5, 0.5, 0.25]);
        assert_eq!(recoloured.run(&[0.75, 9.0])[1..], [1.0, 0.5, 1.0]);
        assert_eq!(Program::parse(&recoloured.code()).unwrap(), recoloured);
    }

    #[test]
    fn rejects_invalid_programs() {
        for code in [&b""[..], b"{", b"}", b"{}{}", b"1 add"] {
            assert_eq!(Program::parse(code), None);
        }
        assert_eq!(Program::parse(b"{pop pop pop}").unwrap().run(&[1.0]), Vec::<f32>::new());
    }
}
