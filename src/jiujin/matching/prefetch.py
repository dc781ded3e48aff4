"""Asks the processor to fetch what will be read soon, compiled. It changes no result, only how long one waits for memory."""

from __future__ import annotations

from typing import Any, Final

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils, types
from numba.extending import intrinsic

READ: Final = 0  # what llvm.prefetch is told: it is to be read, kept in all caches, and no code
KEEP: Final = 3
DATA: Final = 1


def _fetch_soon(_typing: Any, array: Any, place: Any) -> Any:
    """Begin to fetch the entry of an array at a place along its first axis."""

    cgutil: Any = cgutils

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        held = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = context.cast(builder, arguments[1], signature.args[1], types.intp)
        stride = builder.extract_value(held.strides, 0)
        byte, integer = ir.IntType(8), ir.IntType(32)
        start = builder.bitcast(held.data, byte.as_pointer())
        address = cgutil.pointer_add(builder, start, builder.mul(stride, place))
        kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), integer, integer, integer])
        prefetch = cgutil.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(prefetch, [address, *(ir.Constant(integer, number) for number in (READ, KEEP, DATA))])
        return context.get_dummy_value()

    return types.void(array, place), generate


fetch_soon: Any = intrinsic(_fetch_soon)
