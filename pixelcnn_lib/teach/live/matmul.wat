;; The product of two matrices, in the instructions of WebAssembly: out += a b, all numbers float32.
;; a is (rows, inner), b is (inner, cols), out is (rows, cols), each row after row in one memory.
;; rows is a multiple of 4 and cols a multiple of 8, since a tile of 4 x 8 sums is computed at once,
;; in eight vectors of four numbers.
;;
;; a may also be given transposed: $down and $along are the bytes from a number of a to the one below
;; it and to the one beside it. tests/test_learning.py makes matmul.wasm of this file.
(module
  (import "page" "memory" (memory 1))
  (func (export "multiply")
    (param $a i32) (param $b i32) (param $out i32)
    (param $rows i32) (param $inner i32) (param $cols i32) (param $down i32) (param $along i32)
    (local $row i32) (local $col i32) (local $k i32) (local $line i32)
    (local $left i32) (local $right i32) (local $to i32)
    (local $x v128) (local $b0 v128) (local $b1 v128)
    (local $s00 v128) (local $s01 v128) (local $s10 v128) (local $s11 v128)
    (local $s20 v128) (local $s21 v128) (local $s30 v128) (local $s31 v128)

    (local.set $line (i32.shl (local.get $cols) (i32.const 2)))  ;; bytes of a row of b and of out
    (loop $next_rows
      (local.set $col (i32.const 0))
      (loop $next_cols
        (local.set $s00 (v128.const i32x4 0 0 0 0)) (local.set $s01 (v128.const i32x4 0 0 0 0))
        (local.set $s10 (v128.const i32x4 0 0 0 0)) (local.set $s11 (v128.const i32x4 0 0 0 0))
        (local.set $s20 (v128.const i32x4 0 0 0 0)) (local.set $s21 (v128.const i32x4 0 0 0 0))
        (local.set $s30 (v128.const i32x4 0 0 0 0)) (local.set $s31 (v128.const i32x4 0 0 0 0))
        (local.set $left (local.get $a))
        (local.set $right (i32.add (local.get $b) (i32.shl (local.get $col) (i32.const 2))))
        (local.set $k (local.get $inner))
        (loop $next_k  ;; each sum grows by one product
          (local.set $b0 (v128.load (local.get $right)))
          (local.set $b1 (v128.load offset=16 (local.get $right)))
          (local.set $to (local.get $left))
          (local.set $x (v128.load32_splat (local.get $to)))
          (local.set $s00 (f32x4.add (local.get $s00) (f32x4.mul (local.get $x) (local.get $b0))))
          (local.set $s01 (f32x4.add (local.get $s01) (f32x4.mul (local.get $x) (local.get $b1))))
          (local.set $to (i32.add (local.get $to) (local.get $down)))
          (local.set $x (v128.load32_splat (local.get $to)))
          (local.set $s10 (f32x4.add (local.get $s10) (f32x4.mul (local.get $x) (local.get $b0))))
          (local.set $s11 (f32x4.add (local.get $s11) (f32x4.mul (local.get $x) (local.get $b1))))
          (local.set $to (i32.add (local.get $to) (local.get $down)))
          (local.set $x (v128.load32_splat (local.get $to)))
          (local.set $s20 (f32x4.add (local.get $s20) (f32x4.mul (local.get $x) (local.get $b0))))
          (local.set $s21 (f32x4.add (local.get $s21) (f32x4.mul (local.get $x) (local.get $b1))))
          (local.set $to (i32.add (local.get $to) (local.get $down)))
          (local.set $x (v128.load32_splat (local.get $to)))
          (local.set $s30 (f32x4.add (local.get $s30) (f32x4.mul (local.get $x) (local.get $b0))))
          (local.set $s31 (f32x4.add (local.get $s31) (f32x4.mul (local.get $x) (local.get $b1))))
          (local.set $left (i32.add (local.get $left) (local.get $along)))
          (local.set $right (i32.add (local.get $right) (local.get $line)))
          (br_if $next_k (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
        (local.set $to (i32.add (local.get $out) (i32.shl (local.get $col) (i32.const 2))))
        (call $add (local.get $to) (local.get $s00) (local.get $s01))
        (local.set $to (i32.add (local.get $to) (local.get $line)))
        (call $add (local.get $to) (local.get $s10) (local.get $s11))
        (local.set $to (i32.add (local.get $to) (local.get $line)))
        (call $add (local.get $to) (local.get $s20) (local.get $s21))
        (local.set $to (i32.add (local.get $to) (local.get $line)))
        (call $add (local.get $to) (local.get $s30) (local.get $s31))
        (local.set $col (i32.add (local.get $col) (i32.const 8)))
        (br_if $next_cols (i32.lt_u (local.get $col) (local.get $cols))))
      (local.set $a (i32.add (local.get $a) (i32.shl (local.get $down) (i32.const 2))))
      (local.set $out (i32.add (local.get $out) (i32.shl (local.get $line) (i32.const 2))))
      (local.set $row (i32.add (local.get $row) (i32.const 4)))
      (br_if $next_rows (i32.lt_u (local.get $row) (local.get $rows)))))

  (func $add (param $to i32) (param $one v128) (param $two v128)  ;; eight numbers to those at $to
    (v128.store (local.get $to) (f32x4.add (v128.load (local.get $to)) (local.get $one)))
    (v128.store offset=16 (local.get $to)
      (f32x4.add (v128.load offset=16 (local.get $to)) (local.get $two)))))
