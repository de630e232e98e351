using System.Linq.Expressions;

namespace Scenarios.Service.Storage.Listing;

/// <summary>Joins conditions on rows; the database evaluates them.</summary>
internal static class Predicate
{
    /// <summary>Both hold.</summary>
    public static Expression<Func<T, bool>> And<T>(this Expression<Func<T, bool>> left, Expression<Func<T, bool>> right) =>
        Join(left, right, Expression.AndAlso);

    /// <summary>One or both hold.</summary>
    public static Expression<Func<T, bool>> Or<T>(this Expression<Func<T, bool>> left, Expression<Func<T, bool>> right) =>
        Join(left, right, Expression.OrElse);

    /// <summary>It does not hold.</summary>
    public static Expression<Func<T, bool>> Not<T>(this Expression<Func<T, bool>> condition) =>
        Expression.Lambda<Func<T, bool>>(Expression.Not(condition.Body), condition.Parameters);

    private static Expression<Func<T, bool>> Join<T>(
        Expression<Func<T, bool>> left, Expression<Func<T, bool>> right, Func<Expression, Expression, Expression> join)
    {
        var row = left.Parameters[0];
        var other = new Rename(right.Parameters[0], row).Visit(right.Body);
        return Expression.Lambda<Func<T, bool>>(join(left.Body, other), row);
    }

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
