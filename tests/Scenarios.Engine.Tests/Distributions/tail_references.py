# Reference values of TailReferences.cs: P(X <= x) and P(X > x) to 17 digits, computed with 60.
# Debian: apt-get install python3-mpmath; run: python3 tail_references.py
from mpmath import *
mp.dps = 60
def gam(a, x): return gammainc(a, 0, x, regularized=True), gammainc(a, x, inf, regularized=True)
def gamlog(a, x):
    a, x = mpf(a), mpf(x)
    pre = exp(a*log(x) - x - loggamma(a))
    if x < a + 1:
        t = s = 1/a; n = 1
        while t > s*mpf(10)**-50: t *= x/(a+n); s += t; n += 1
        p = pre*s; return p, 1-p
    # Lentz
    tiny = mpf(10)**-200; b = x+1-a; c = 1/tiny; d = 1/b; h = d; i = 1
    while True:
        an = -i*(i-a); b += 2; d = 1/(an*d+b); c = b+an/c; h *= d*c
        if abs(d*c-1) < mpf(10)**-45: break
        i += 1
    q = pre*h; return 1-q, q
def bet(a, b, x):
    a, b, x = mpf(a), mpf(b), mpf(x)
    flip = x > (a+1)/(a+b+2)
    if flip: a, b, x = b, a, 1-x
    pre = exp(a*log(x)+b*log(1-x)+loggamma(a+b)-loggamma(a)-loggamma(b))/a
    c = mpf(1); d = 1/(1-(a+b)*x/(a+1)); h = d; m = 1
    while True:
        e = m*(b-m)*x/((a+2*m-1)*(a+2*m)); d = 1/(1+e*d); c = 1+e/c; h *= d*c
        e = -(a+m)*(a+b+m)*x/((a+2*m)*(a+2*m+1)); d = 1/(1+e*d); c = 1+e/c; h *= d*c
        if abs(d*c-1) < mpf(10)**-45: break
        m += 1
    p = pre*h
    return (1-p, p) if flip else (p, 1-p)
def row(f, args, x, r): print("        { %s, %s, %s, %s }," % (f % args, repr(float(x)), nstr(r[0], 17), nstr(r[1], 17)))
N = lambda x: (erfc(-mpf(x)/sqrt(2))/2, erfc(mpf(x)/sqrt(2))/2)
for x in [-37, -10, -1.5, 0.25, 3, 12, 36]: row("new NormalDistribution(%s, %s)", (0, 1), x, N(x))
for s, x in [(10, 1e-30), (10, 0.5), (10, 1e40), (0.3, 50), (0.3, 0.2)]: row("new LogNormalDistribution(%s, %s)", (1, s), x, N((log(mpf(x))-1)/mpf(s)))
for a, xs in [(0.05, [1e-250, 1e-3, 1, 30, 600]), (0.5, [1e-10, 0.7, 200]), (2, [1e-20, 1.5, 9, 300]), (35, [0.5, 12, 34, 50, 90, 400]), (100, [20, 45, 99, 130, 195, 205, 500]), (1e4, [7000, 9500, 10010, 11000, 14000]), (1e6, [970000, 995000, 1000100, 1004000, 1036000])]:
    for x in xs: row("new GammaDistribution(%s, %s)", (a, 1), x, gamlog(a, x))
for k, x in [(0.1, 1e-20), (0.1, 1e13), (1.5, 0.01), (1.5, 30), (1000, 0.9), (1000, 1.002)]:
    t = mpf(x)**mpf(k); row("new WeibullDistribution(%s, %s)", (k, 1), x, (-expm1(-t), exp(-t)))
for a, b, xs in [(0.05, 0.05, [1e-200, 0.25, 0.999]), (0.05, 1e6, [1e-100, 1e-8, 5e-6, 1e-4]), (2, 3, [1e-12, 0.3, 0.99]), (1.5, 4.5, [0.001, 0.25, 0.95]), (101, 901, [0.01, 0.1, 0.25]), (300, 1e6, [2e-4, 3e-4, 5e-4]), (1e6, 1e6, [0.49, 0.4999, 0.5003, 0.51])]:
    for x in xs: row("new ScaledBetaDistribution(%s, %s, 0, 1)", (a, b), x, bet(a, b, x))
for m, ks in [(0.01, [0, 1, 5]), (6, [0, 5, 30]), (1e6, [990000, 1000000, 1006000])]:
    for k in ks:
        p, q = gamlog(k+1, m); row("new PoissonDistribution(%s)", (m,), k, (q, p))
for m, r, ks in [(5, 2, [0, 4, 60]), (1e6, 0.01, [0, 1000, 5e7, 2e9]), (500, 0.01, [0, 20, 100000]), (1e6, 1e6, [990000, 1000500, 1008000])]:
    for k in ks: row("new NegativeBinomialDistribution(%s, %s)", (m, r), k, bet(r, k+1, mpf(r)/(mpf(r)+mpf(m))))
def metalog(points, lower, upper):
    """Keelin (2016), equations 5 to 7 and section 4, by an LU solution with 60 digits: the quantile function."""
    points = [(mpf(p), mpf(x)) for p, x in points]
    logit = lambda y: log(y/(1-y))
    def basis(y, n):
        terms = [1, logit(y), (y-0.5)*logit(y), y-0.5]
        for k in range(5, n+1): terms.append((y-0.5)**((k-1)//2) if k % 2 else (y-0.5)**(k//2-1)*logit(y))
        return terms[:n]
    n = len(points)
    far = lambda x: log(x-lower) if upper is None else -log(upper-x) if lower is None else log((x-lower)/(upper-x))
    z = [x if lower is None and upper is None else far(x) for _, x in points]
    a = lu_solve(matrix([basis(p, n) for p, _ in points]), matrix(z))
    curve = lambda y: sum(c*t for c, t in zip(a, basis(y, n)))
    def quantile(y):
        m = curve(y)
        if lower is not None and upper is not None: return lower + (upper-lower)/(1+exp(-m))
        return lower + exp(m) if lower is not None else upper - exp(-m) if upper is not None else m
    return quantile
METALOGS = { # As the fields of TailReferences.cs.
    "Skewed": ([(0.1, 60), (0.5, 90), (0.9, 150)], None, None),
    "AboveBound": ([(0.05, 60), (0.5, 85), (0.95, 150)], 30, None),
    "BelowBound": ([(0.1, 100), (0.3, 140), (0.5, 160), (0.75, 180), (0.9, 190)], None, 200),
    "BetweenBounds": ([(0.05, 4500), (0.25, 7500), (0.5, 9800), (0.95, 14000)], 4000, 15000),
    "NineTerms": ([(0.02, -22), (0.1, -13), (0.25, -7), (0.4, -2.5), (0.5, 0), (0.6, 2.5), (0.75, 7), (0.9, 13), (0.98, 22)], None, None)}
for name, (points, lower, upper) in METALOGS.items():
    quantile = metalog(points, lower, upper)
    for level in [mpf(10)**-40, mpf(2)**-33, mpf('0.02'), mpf('0.3'), mpf('0.6'), mpf('0.99'), 1-mpf(2)**-33, 1-mpf(10)**-20]:
        x = mpf(float(quantile(level)))
        if (lower is not None and x <= lower) or (upper is not None and x >= upper): continue
        tail, far = (level, lambda t: quantile(exp(t))) if level < 0.5 else (1-level, lambda t: quantile(1-exp(t)))
        p = exp(findroot(lambda t: far(t)-x, (log(tail*0.999), log(tail*1.001)), solver='anderson', tol=1e-80, maxsteps=200))
        row("%s%s", (name, ""), x, (p, 1-p) if level < 0.5 else (1-p, p))
