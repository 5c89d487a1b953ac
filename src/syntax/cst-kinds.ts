/** The node types of tree-sitter-go by number, so that the reader can switch on them.
 *
 *  Tokens without a name (`(`, `func`, `+=`) have the number of their {@link TokenKind}; named nodes start at
 *  {@link Cst.Named}. Names, literals and `.` of an import are leaves; so are strings, whose parts do not matter. */
import { tokenString } from "./parser.ts";
import { opText, TokenKind } from "./tokens.ts";

export const enum Cst {
  Named = 64,
  // leaves
  Comment = Named,
  Identifier, // every kind of name, and nil, true, false, iota
  Dot,
  Literal, // int, float, imaginary, rune
  String,
  EmptyStatement,
  FallthroughStatement,
  // inner nodes
  ArgumentList,
  ArrayType,
  AssignmentStatement,
  BinaryExpression,
  Block,
  BreakStatement,
  CallExpression,
  ChannelType,
  CommunicationCase,
  CompositeLiteral,
  ConstDeclaration,
  ConstSpec,
  ContinueStatement,
  DecStatement,
  DefaultCase,
  DeferStatement,
  ExpressionCase,
  ExpressionList,
  ExpressionStatement,
  ExpressionSwitchStatement,
  FieldDeclaration,
  FieldDeclarationList,
  ForClause,
  ForStatement,
  FuncLiteral,
  FunctionDeclaration,
  FunctionType,
  GenericType,
  GoStatement,
  GotoStatement,
  IfStatement,
  ImplicitLengthArrayType,
  ImportDeclaration,
  ImportSpec,
  ImportSpecList,
  IncStatement,
  IndexExpression,
  InterfaceType,
  KeyedElement,
  LabeledStatement,
  LiteralElement,
  LiteralValue,
  MapType,
  MethodDeclaration,
  MethodElem,
  NegatedType,
  PackageClause,
  ParameterDeclaration,
  ParameterList,
  ParenthesizedExpression,
  ParenthesizedType,
  PointerType,
  QualifiedType,
  RangeClause,
  ReceiveStatement,
  ReturnStatement,
  SelectStatement,
  SelectorExpression,
  SendStatement,
  ShortVarDeclaration,
  SliceExpression,
  SliceType,
  SourceFile,
  StatementList,
  StructType,
  TypeAlias,
  TypeArguments,
  TypeAssertionExpression,
  TypeCase,
  TypeConstraint,
  TypeConversionExpression,
  TypeDeclaration,
  TypeElem,
  TypeInstantiationExpression,
  TypeParameterDeclaration,
  TypeParameterList,
  TypeSpec,
  TypeSwitchStatement,
  UnaryExpression,
  VarDeclaration,
  VarSpec,
  VarSpecList,
  VariadicArgument,
  VariadicParameterDeclaration,
  /** A node that no tree without errors contains. */
  Unknown = 255,
}

/** The inner nodes in the order of {@link Cst}. */
const innerNodes = (
  "argument_list array_type assignment_statement binary_expression block break_statement call_expression " +
  "channel_type communication_case composite_literal const_declaration const_spec continue_statement dec_statement " +
  "default_case defer_statement expression_case expression_list expression_statement expression_switch_statement " +
  "field_declaration field_declaration_list for_clause for_statement func_literal function_declaration function_type " +
  "generic_type go_statement goto_statement if_statement implicit_length_array_type import_declaration import_spec " +
  "import_spec_list inc_statement index_expression interface_type keyed_element labeled_statement literal_element " +
  "literal_value map_type method_declaration method_elem negated_type package_clause parameter_declaration " +
  "parameter_list parenthesized_expression parenthesized_type pointer_type qualified_type range_clause " +
  "receive_statement return_statement select_statement selector_expression send_statement short_var_declaration " +
  "slice_expression slice_type source_file statement_list struct_type type_alias type_arguments " +
  "type_assertion_expression type_case type_constraint type_conversion_expression type_declaration type_elem " +
  "type_instantiation_expression type_parameter_declaration type_parameter_list type_spec type_switch_statement " +
  "unary_expression var_declaration var_spec var_spec_list variadic_argument variadic_parameter_declaration"
).split(" ");

const leaves: Readonly<Record<string, Cst>> = {
  comment: Cst.Comment,
  identifier: Cst.Identifier,
  blank_identifier: Cst.Identifier,
  field_identifier: Cst.Identifier,
  label_name: Cst.Identifier,
  package_identifier: Cst.Identifier,
  type_identifier: Cst.Identifier,
  nil: Cst.Identifier,
  true: Cst.Identifier,
  false: Cst.Identifier,
  iota: Cst.Identifier,
  dot: Cst.Dot,
  int_literal: Cst.Literal,
  float_literal: Cst.Literal,
  imaginary_literal: Cst.Literal,
  rune_literal: Cst.Literal,
  interpreted_string_literal: Cst.String,
  raw_string_literal: Cst.String,
  empty_statement: Cst.EmptyStatement,
  fallthrough_statement: Cst.FallthroughStatement,
};

/** The number of a node type. */
export function cstKind(name: string, named: boolean): Cst | TokenKind {
  if (!named) return tokenKinds.get(name) ?? Cst.Unknown;
  const leaf = leaves[name];
  if (leaf !== undefined) return leaf;
  const inner = innerNodes.indexOf(name);
  return inner < 0 ? Cst.Unknown : Cst.ArgumentList + inner;
}

/** The token that a leaf stands for. */
export function leafToken(kind: number): TokenKind {
  if (kind < Cst.Named) return kind;
  switch (kind) {
    case Cst.Identifier:
      return TokenKind.Name;
    case Cst.Dot:
      return TokenKind.Dot;
    case Cst.Literal:
    case Cst.String:
      return TokenKind.Literal;
    case Cst.EmptyStatement:
      return TokenKind.Semi;
    case Cst.FallthroughStatement:
      return TokenKind.Fallthrough;
  }
  return TokenKind.None;
}

const tokenKinds: ReadonlyMap<string, TokenKind> = new Map([
  ...opText.slice(2).flatMap((op): [string, TokenKind][] => [
    [op, TokenKind.Operator],
    [`${op}=`, TokenKind.AssignOp],
  ]),
  ["++", TokenKind.IncOp],
  ["--", TokenKind.IncOp],
  ...range(TokenKind.Assign, TokenKind.Var).map((tok): [string, TokenKind] => [tokenString(tok), tok]),
  ...opText
    .filter((op) => /^(==|!=|<=|>=)$/.test(op)) // not assignments of =, !, < and >
    .map((op): [string, TokenKind] => [op, TokenKind.Operator]),
]);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
