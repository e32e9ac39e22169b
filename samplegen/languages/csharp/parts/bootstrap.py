# mypy: ignore-errors
"""Compile driver.cs with Roslyn, loaded into CPython.

bootstrap.py FRAMEWORK ROSLYN CONFIG SOURCE OUT
"""

import sys
from pathlib import Path

import pythonnet
from clr_loader import get_coreclr

framework, roslyn, config, source, out = map(Path, sys.argv[1:])
root = framework.parents[2]
pythonnet.set_runtime(get_coreclr(runtime_config=str(config), dotnet_root=str(root)))
sys.path.append(str(roslyn))

import clr  # noqa: E402

for assembly in (
    "Microsoft.CodeAnalysis",
    "Microsoft.CodeAnalysis.CSharp",
    "System.Collections",
):
    clr.AddReference(assembly)

from Microsoft.CodeAnalysis import MetadataReference, OutputKind, SyntaxTree  # noqa: E402
from Microsoft.CodeAnalysis.CSharp import (  # noqa: E402
    CSharpCompilation,
    CSharpCompilationOptions,
    CSharpSyntaxTree,
)
from System.Collections.Generic import List  # noqa: E402
from System.IO import File, MemoryStream  # noqa: E402
from System.Reflection import AssemblyName  # noqa: E402

USINGS = ("System", "System.Collections.Generic", "System.IO", "System.Linq")
trees, references = List[SyntaxTree](), List[MetadataReference]()
trees.Add(CSharpSyntaxTree.ParseText("".join(f"global using {name};\n" for name in USINGS)))
trees.Add(CSharpSyntaxTree.ParseText(source.read_text()))
for dll in (*framework.glob("*.dll"), *roslyn.glob("*.dll")):
    try:
        AssemblyName.GetAssemblyName(str(dll))
    except Exception:  # a native library
        continue
    references.Add(MetadataReference.CreateFromFile(str(dll)))
options = CSharpCompilationOptions(OutputKind.ConsoleApplication)
program = MemoryStream()
result = CSharpCompilation.Create("driver", trees, references, options).Emit(program)
if not result.Success:
    sys.exit("\n".join(diagnostic.ToString() for diagnostic in result.Diagnostics))
File.WriteAllBytes(str(out), program.ToArray())
