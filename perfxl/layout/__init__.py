"""The layout (版式): where each field of a scheme stands in the template.

The template writer and the reader share it, so what one writes the other finds.
"""

from perfxl.layout.fields import FieldSpec
from perfxl.layout.grid import Block, Column, Line, Place
from perfxl.layout.inputs import inputs_of
from perfxl.layout.template_layout import Layout, layout_of

__all__ = ["Block", "Column", "FieldSpec", "Layout", "Line", "Place", "inputs_of", "layout_of"]
