/** How a shop's server signs who its customer is: a JWT (HS256) with the site secret, valid for at most one hour. */
export const signingExamples = {
  Python: `import time, jwt  # pip install pyjwt

token = jwt.encode(
    {"sub": customer_id, "exp": int(time.time()) + 3600, "name": name, "level": "gold"},
    SITE_SECRET,
    algorithm="HS256",
)`,
  'Node.js': `import jwt from "jsonwebtoken"; // npm i jsonwebtoken

const token = jwt.sign(
  { sub: customerId, name, level: "gold" },
  process.env.SITE_SECRET,
  { algorithm: "HS256", expiresIn: "1h" },
);`,
  PHP: `use Firebase\\JWT\\JWT; // composer require firebase/php-jwt

$token = JWT::encode(
    ["sub" => $customerId, "exp" => time() + 3600, "name" => $name, "level" => "gold"],
    getenv("SITE_SECRET"),
    "HS256"
);`,
} as const

export const webExample = `yingke('identify', { identity_token: token })`
